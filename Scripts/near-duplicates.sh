#!/bin/sh
# How well near-duplicates are found: edits some clips of a folder by ffmpeg, puts them among all, and counts which pairs
# 'sora prepare' finds at each threshold. Needs a folder with a folder of videos for each class.
#
#   Scripts/near-duplicates.sh clips/ OUT_DIR [EVERY]
#
# EVERY: edit every so-manyth clip (10). Prints, for each threshold, the share of edited copies that are found, edit by
# edit, and the pairs found that are of different clips.
set -eu
[ $# -ge 2 ] || { echo "usage: $0 clips/ OUT_DIR [EVERY]" >&2; exit 2; }
data=$(cd "$1" && pwd) out=$2 every=${3:-10}
sora=${SORA:-$(dirname "$0")/../.build/release/sora}
mkdir -p "$out/clips"
edit() {
    name=$1
    shift
    [ -f "$target/$stem"__"$name" ] || ffmpeg -v error -y -i "$file" "$@" -an "$target/$stem"__"$name" </dev/null
}
count=0
for class in "$data"/*/; do
    target=$out/clips/$(basename "$class")
    mkdir -p "$target"
    for file in "$class"*.*; do
        base=$(basename "$file")
        stem=${base%.*}
        ln -sf "$file" "$target/$base"
        count=$((count + 1))
        [ $((count % every)) -eq 0 ] || continue
        edit worse.mp4 -crf 38
        edit small.mp4 -vf "scale=160:120" -crf 30
        edit web.webm -c:v libvpx -b:v 200k
        edit bright.mp4 -vf "eq=brightness=0.15:contrast=0.8"
        edit grey.mp4 -vf "hue=s=0"
        edit slow-rate.mp4 -vf "fps=10"
        edit late.mp4 -ss 0.4
        edit logo.mp4 -vf "drawbox=x=0:y=0:w=iw/4:h=ih/4:color=red:t=fill"
        edit mirrored.mp4 -vf hflip
        edit zoomed.mp4 -vf "crop=iw*0.9:ih*0.9"
    done
done
"$sora" prepare "$out/clips" --similarity 0.3 --cache "$out/cache.jsonl" --json >"$out/found.json" || true
python3 - "$out" <<'PYTHON'
import collections, glob, json, os, sys

out = sys.argv[1]
found = json.load(open(f"{out}/found.json"))
def family(path):
    return os.path.splitext(os.path.basename(path))[0].split("__")[0]
edits = collections.Counter(os.path.basename(p).split("__")[1].split(".")[0] for p in glob.glob(f"{out}/clips/*/*__*"))
pairs = [p for problem in found["problems"] for p in problem["pairs"]]
hits, wrong = collections.defaultdict(dict), {}
for pair in pairs:
    a, b = sorted((pair["first"], pair["second"]), key=lambda p: "__" in p)
    if family(a) != family(b):
        wrong[a, b] = pair["similarity"]
    elif "__" not in a:
        edit = os.path.basename(b).split("__")[1].split(".")[0]
        hits[edit][b] = max(hits[edit].get(b, 0), pair["similarity"])
steps = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
print("threshold     " + "".join(f"{step:7.2f}" for step in steps))
for edit, total in sorted(edits.items()):
    print(f"{edit:14}" + "".join(f"{sum(s >= step for s in hits[edit].values()) / total:7.2f}" for step in steps))
print("other pairs   " + "".join(f"{sum(s >= step for s in wrong.values()):7d}" for step in steps))
for (a, b), similarity in sorted(wrong.items(), key=lambda item: -item[1])[:20]:
    print(f"{similarity:.3f}", os.path.relpath(a, f"{out}/clips"), os.path.relpath(b, f"{out}/clips"))
PYTHON
