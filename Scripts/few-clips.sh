#!/bin/sh
# How well a classifier tells the demo's kinds of motion apart that has five clips of each to learn from: five times, each
# time with five others, judged on all held-out clips.
#
#   Scripts/few-clips.sh DEMO MODEL CLASSIFIER [OPTIONS OF sora fit]
#
# DEMO is the folder that 'sora demo' has made (sora-demo). SORA is the binary (default .build/release/sora).
set -eu
sora=${SORA:-.build/release/sora}
demo=$1
model=$2
classifier=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

for draw in 0 1 2 3 4; do
    for folder in "$demo"/clips/*/; do
        kind=$(basename "$folder")
        mkdir -p "$work/$draw/$kind"
        for clip in 0 1 2 3 4; do
            cp "$folder$(printf %03d.mp4 $((5 * draw + clip)))" "$work/$draw/$kind/"
        done
    done
    "$sora" fit "$model" --data "$work/$draw" --classifier "$classifier" "$@" --out "$work/few.safetensors" --json \
        >/dev/null 2>"$work/errors" || { cat "$work/errors" >&2; exit 1; }
    "$sora" evaluate "$work/few.safetensors" --data "$demo/held-out" --classifier "$classifier" |
        awk '/^accuracy/ { print $2 }'
done | awk '
    { all = all " " $1; sum += $1 }
    END { if (NR != 5) exit 1; printf "%.3f, of%s\n", sum / NR, all }'
