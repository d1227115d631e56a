#!/bin/sh
# Formatting, and the house rules that the compiler does not check. Exits 1 if any is broken.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

say() { echo "lint: $1"; failed=1; }

swift format lint --strict --recursive --parallel Sources Tests Package.swift || say "formatting (mend with: swift format -i -r Sources Tests)"

traps=$(grep -rnE 'fatalError\(|preconditionFailure\(|try!|as!|[^a-zA-Z.]print\(' Sources --include='*.swift' | grep -v '^\S*: *//' || true)
[ -z "$traps" ] || { echo "$traps"; say "traps or print in Sources"; }

tracked=$(git ls-files Package.resolved '.build/*' 2>/dev/null)
[ -z "$tracked" ] || say "tracked build products: $tracked"

undocumented=$(grep -rnB1 -E '^ *public (final |static |mutating |package\(set\) |private\(set\) )*(func|var|let|class|struct|enum|protocol|init)' Sources --include='*.swift' \
    | awk '/^--/ {previous=""; next} /public /{ if (previous !~ /\/\/\/|@/ && $0 !~ /static func (==|<)|var description|func hash|init\(|\/\/\/|let code|case|var (value|destination|kind|operation|height|width|stride|kernel)/) print $0 } {previous=$0}' || true)
[ -z "$undocumented" ] || { echo "$undocumented"; say "public declarations without a comment"; }

if command -v shellcheck >/dev/null 2>&1; then
    shellcheck Scripts/*.sh .ci/run || say "shell scripts"
fi

[ "$failed" -eq 0 ] && echo "lint: clean"
exit "$failed"
