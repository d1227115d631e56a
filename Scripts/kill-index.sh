#!/bin/sh
# Kills 'sora index add' at random moments, again and again, and checks after each that what is there is whole; then lets it
# finish, and compares the index with that of a run that nobody killed.
#
#   Scripts/kill-index.sh VIDEOS [TIMES]
#
# VIDEOS is a folder of videos, TIMES how often to kill (50). SORA is the binary (default .build/release/sora).
set -eu
sora=${SORA:-.build/release/sora}
videos=$1
times=${2:-50}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What an index holds, whatever its numbers are: each video with its segments' times.
content() {
    "$sora" index info "$1" --videos --segments --json | python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
for row in rows:
    if "start" in row:
        print(row["path"], row["start"], row["end"], row["digest"])
' | sort
}
"$sora" index add "$work/whole" "$videos" --deterministic --json >/dev/null 2>&1 || true
content "$work/whole" >"$work/whole.txt"
[ -s "$work/whole.txt" ] || { echo "kill-index: nothing was indexed" >&2; exit 1; }

seed=1
killed=0
round=0
while [ "$killed" -lt "$times" ]; do
    round=$((round + 1))
    "$sora" index add "$work/killed" "$videos" --deterministic --json >/dev/null 2>&1 &
    process=$!
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    sleep "$(awk "BEGIN { print 0.02 + ($seed % 1000) / 1000 * ${LONGEST:-1.5} }")"
    if kill -9 "$process" 2>/dev/null; then killed=$((killed + 1)); fi
    wait "$process" 2>/dev/null || true
    if [ -e "$work/killed/catalogue.sqlite" ]; then
        "$sora" index check "$work/killed" >"$work/check.txt" || { cat "$work/check.txt"; exit 1; }
        content "$work/killed" >"$work/part.txt"
        # Each video is there whole, or not at all; none twice.
        python3 - "$work/whole.txt" "$work/part.txt" <<'CHECK'
import collections, sys
def videos(path):
    found = collections.defaultdict(list)
    for line in open(path):
        name, start, end, digest = line.rsplit(" ", 3)
        found[name].append((start, end, digest))
    return found
whole, part = videos(sys.argv[1]), videos(sys.argv[2])
for name, segments in part.items():
    if sorted(segments) != sorted(whole[name]):
        sys.exit(f"kill-index: {name} is not whole")
CHECK
        # Where all is done, it begins again.
        if cmp -s "$work/whole.txt" "$work/part.txt"; then rm -rf "$work/killed"; fi
    fi
done
"$sora" index add "$work/killed" "$videos" --deterministic --json >/dev/null 2>&1 || true
"$sora" index check "$work/killed"
content "$work/killed" >"$work/part.txt"
cmp "$work/whole.txt" "$work/part.txt"
echo "kill-index: killed $killed times in $round runs: nothing lost, nothing twice"
