#!/bin/sh
# Measures Sora on this machine, beside its peers where their environment is, and rewrites docs/performance.md.
#
#   make bench
#   Benchmarks/peers/setup.sh /tmp/peers && PEERS=/tmp/peers make bench
#
# PEERS is the folder that Benchmarks/peers/setup.sh made; without it only Sora and ffmpeg are measured. VIDEO is a file
# to time decoding on; without it one is made. Takes a quarter of an hour with peers, and wants an otherwise idle
# machine; QUICK=1 leaves out all but the article's network, ResNet-18's inference and decoding. Every figure is a median of RUNS runs (default 5) after one that is not counted.
set -eu
cd "$(dirname "$0")/.."
sora=.build/release/sora
runs=${RUNS:-5}
threads=$(getconf _NPROCESSORS_ONLN)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lines=$work/lines.jsonl

ours() {
    echo "sora bench $*" >&2
    "$sora" bench --runs "$runs" --json "$@" | tee -a "$lines"
}
ours --preset article --batch 1
ours --preset article --batch 1 --train
ours --preset resnet18 --batch 1
if [ -z "${QUICK:-}" ]; then
    ours --preset small --batch 4
    ours --preset small --batch 16 --train
    ours --preset resnet18 --batch 1 --train
    ours --preset resnet50 --batch 1
    ours --preset mobilenetv2 --batch 1
fi
echo "sora bench --preset article --batch 32 --train (the article's own size: one step)" >&2
"$sora" bench --preset article --batch 32 --train --runs 1 --json | tee -a "$lines"

video=${VIDEO:-}
if [ -z "$video" ]; then
    video=$work/generated-720p.mp4
    ffmpeg -nostdin -v error -f lavfi -i "mandelbrot=size=1280x720:rate=30" -t 20 -c:v libx264 -preset fast \
        -pix_fmt yuv420p "$video"
fi
THREADS=2 RUNS=$runs Benchmarks/peers/decode.sh "$video" "$sora" bench --decode "$video" | tee -a "$lines"

if [ -n "${PEERS:-}" ]; then
    Benchmarks/peers/run.sh "$PEERS" "$threads" | tee -a "$lines"
fi
command -v python3 >/dev/null 2>&1 || { echo "bench: python3 is needed to write docs/performance.md" >&2; exit 0; }
python3 Benchmarks/report.py "$lines" docs/performance.md
