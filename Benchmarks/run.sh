#!/bin/sh
# Measures Sora on this machine, beside its peers where their environment is, and rewrites docs/performance.md.
#
#   make bench
#   Benchmarks/peers/setup.sh /tmp/peers && PEERS=/tmp/peers make bench
#   VIDEOS="a.mp4 b.webm c.mp4" PEERS=/tmp/peers make bench
#
# PEERS is the folder that Benchmarks/peers/setup.sh made; without it only Sora and ffmpeg are measured. VIDEOS are the
# files to turn into embeddings (names without spaces), VIDEO the one to time decoding on; without them clips are made, or
# VIDEOS are three of the tests' shared data where it exists (CONTRIBUTING.md). WORK is a folder for what is made on the
# way, kept if given: lines.jsonl in it holds all figures. SORA is the binary (default .build/release/sora), PAGE what is
# written (default docs/performance.md). Takes an hour with peers, and wants an otherwise idle machine; QUICK=1 keeps
# a short part. Every figure is a median of RUNS runs (default 7) and SECONDS_EACH seconds (default 5) at
# least, after one run that is not counted, once the machine runs at its full speed (steady.py); Sora is measured anew between
# any two peers.
set -eu
cd "$(dirname "$0")/.."
sora=${SORA:-.build/release/sora}
page=${PAGE:-docs/performance.md}
runs=${RUNS:-7}
seconds=${SECONDS_EACH:-5}
threads=$(getconf _NPROCESSORS_ONLN)
if [ -n "${WORK:-}" ]; then
    mkdir -p "$WORK"
    work=$(cd "$WORK" && pwd)
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT TERM
fi
lines=$work/lines.jsonl
: >"$lines"
# What waits for the machine's full speed before each measurement.
steady=true
! command -v python3 >/dev/null 2>&1 || steady="python3 Benchmarks/steady.py '$sora' '$work'"

left_out() {
    echo "bench: left out: $1" >&2
    words=$(echo "$1" | sed 's|/[^ ]*/||g' | tr -d '"\\')
    printf '{"left_out": "%s"}\n' "$words" >>"$lines"
}
# bench SECONDS ARGUMENT…: prints the command that measures Sora and prints one line of JSON.
bench() {
    duration=$1
    shift
    words=$(echo "$*" | sed 's|/[^ ]*/||g' | tr -d '"\\')
    echo "echo 'sora bench $words' >&2; $steady; '$sora' bench --json --runs $runs --seconds $duration $*" \
        "|| echo '{\"left_out\": \"sora bench $words\"}'"
}
# beside COMMANDS PEERS' ARGUMENT…: the peers (see peers/run.sh) with COMMANDS before each and after the last, so that what
# slows the machine for some minutes slows both; without peers COMMANDS alone.
beside() {
    own=$1
    shift
    if [ -n "${PEERS:-}" ]; then
        OWN=$own STEADY=$steady RUNS=$runs SECONDS_EACH=$seconds Benchmarks/peers/run.sh "$PEERS" "$work" "$threads" "$@"
    else
        eval "$own"
    fi | tee -a "$lines"
}
network() {
    preset=$1
    batch=$2
    for precision in f32 bf16 int8; do
        beside "$(bench "$seconds" --preset "$preset" --batch "$batch" --precision "$precision")" inference "$preset" "$precision"
    done
}
training() {
    preset=$1
    batch=$2
    for precision in f32 bf16; do
        beside "$(bench "$seconds" --preset "$preset" --batch "$batch" --precision "$precision" --train)" training "$preset" "$precision"
    done
}
network article 1
network resnet18 1
if [ -z "${QUICK:-}" ]; then
    network small 4
    network resnet50 1
    network mobilenetv2 1
fi
training article 1
if [ -z "${QUICK:-}" ]; then
    training small 16
    training resnet18 1
    # The article's own size: one step.
    eval "$(runs=1 bench 0 --preset article --batch 32 --train --precision f32)" | tee -a "$lines"
fi

if command -v python3 >/dev/null 2>&1; then
    for preset in article small resnet18 resnet50 mobilenetv2; do
        [ -z "${QUICK:-}" ] || [ "$preset" = resnet18 ] || continue
        for precision in f32 bf16 int8; do
            echo "sora bench --preset $preset --precision $precision --profile" >&2
            eval "$steady" || true
            # Kernels are timed anew, next to the run.
            XDG_CACHE_HOME=$work/cache-$preset-$precision "$sora" bench --json --profile --preset "$preset" --batch 1 --precision "$precision" --runs "$runs" \
                --seconds "$seconds" |
                python3 Benchmarks/limit.py | tee -a "$lines" ||
                left_out "sora bench --preset $preset --precision $precision --profile"
        done
    done
fi
micro=$(dirname "$sora")/micro-benchmarks
if [ -x "$micro" ]; then
    echo "micro-benchmarks" >&2
    "$micro" --json | tee -a "$lines" || left_out "micro-benchmarks: past a limit"
fi

# generate FILE SOURCE OPTION…: a video, if it is not there yet.
generate() {
    target=$1
    source=$2
    shift 2
    [ -f "$target" ] || ffmpeg -nostdin -v error -f lavfi -i "$source" -pix_fmt yuv420p "$@" "$target" >&2
}
videos=${VIDEOS:-}
shared=${SORA_SHARED_DATA:-../shared/data}/videos
if [ -z "$videos" ] && [ -f "$shared/cars.mp4" ]; then
    videos="$shared/cars.mp4 $shared/vp9_60fps.webm $shared/foreman_hevc.mp4"
fi
if [ -z "$videos" ]; then
    generate "$work/generated-h264.mp4" "mandelbrot=size=768x432:rate=25" -t 15 -c:v libx264
    generate "$work/generated-vp9.webm" "mandelbrot=size=960x540:rate=60" -t 1 -c:v libvpx-vp9 -deadline realtime -cpu-used 8
    generate "$work/generated-hevc.mp4" "mandelbrot=size=1280x720:rate=25" -t 10 -c:v libx265 -preset fast \
        -x265-params log-level=error
    videos="$work/generated-h264.mp4 $work/generated-vp9.webm $work/generated-hevc.mp4"
fi
absolute=
for video in $videos; do
    absolute="$absolute $(cd "$(dirname "$video")" && pwd)/$(basename "$video")"
done
videos=$absolute
for precision in f32 bf16 int8; do
    [ -z "${QUICK:-}" ] || [ "$precision" = bf16 ] || continue
    own=
    for video in $videos; do
        for sampling in exact fast keys; do
            own="$own$(bench 3 --embed "$video" --preset resnet18 --precision "$precision" --sampling "$sampling");"
        done
    done
    # shellcheck disable=SC2086 # one word a file
    beside "$own" files "$precision" $videos
done

if command -v python3 >/dev/null 2>&1; then
    echo "Benchmarks/growth.py" >&2
    python3 Benchmarks/growth.py "$sora" "$work" | tee -a "$lines"
fi

video=${VIDEO:-}
if [ -z "$video" ]; then
    video=$work/generated-720p.mp4
    generate "$video" "mandelbrot=size=1280x720:rate=30" -t 20 -c:v libx264 -preset fast
fi
THREADS=2 RUNS=$runs Benchmarks/peers/decode.sh "$video" "$sora" bench --decode "$video" | tee -a "$lines"

command -v python3 >/dev/null 2>&1 || { echo "bench: python3 is needed to write $page" >&2; exit 0; }
python3 Benchmarks/report.py "$lines" "$page"
