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
# written (default docs/performance.md). Takes an hour and a half with peers, and wants an otherwise idle machine; QUICK=1 keeps
# a short part. Every figure is a median of RUNS runs (default 7) and SECONDS_EACH seconds (default 5) at
# least, after one run that is not counted; beside peers in turn with them, a second each.
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

left_out() {
    echo "bench: left out: $1" >&2
    words=$(echo "$1" | sed 's|/[^ ]*/||g' | tr -d '"\\')
    printf '{"left_out": "%s"}\n' "$words" >>"$lines"
}
# beside COMMANDS PEERS' ARGUMENT…: Sora alone, which also chooses its kernels, and then each peer (see peers/run.sh) in turn
# with Sora. COMMANDS are lines of arguments of `sora bench`; {file} stands for the file that a peer is at.
beside() {
    own=
    while read -r line; do
        echo "sora bench $line" >&2
        # shellcheck disable=SC2046 # words
        "$sora" bench --json --runs "$runs" --seconds "$seconds" $(echo "$line" | sed "s|{file}|${video:-}|") </dev/null ||
            left_out "sora bench $line"
        own="$own'$sora' bench --json --runs $runs --seconds $((seconds * 3)) $line
"
    done <<COMMANDS
$1
COMMANDS
    shift
    [ -n "${PEERS:-}" ] || return 0
    OWN=$own RUNS=$runs SECONDS_EACH=$((seconds * 3)) Benchmarks/peers/run.sh "$PEERS" "$work" "$threads" "$@"
}
network() {
    preset=$1
    batch=$2
    for precision in f32 bf16 int8; do
        beside "--preset $preset --batch $batch --precision $precision" inference "$preset" "$precision" | tee -a "$lines"
    done
}
training() {
    preset=$1
    batch=$2
    for precision in f32 bf16; do
        beside "--preset $preset --batch $batch --precision $precision --train" training "$preset" "$precision" | tee -a "$lines"
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
    (runs=1 seconds=0 PEERS='' beside "--preset article --batch 32 --train --precision f32") | tee -a "$lines"
fi

if command -v python3 >/dev/null 2>&1; then
    for preset in article small resnet18 resnet50 mobilenetv2; do
        [ -z "${QUICK:-}" ] || [ "$preset" = resnet18 ] || continue
        for precision in f32 bf16 int8; do
            echo "sora bench --preset $preset --precision $precision --profile" >&2
            # Kernels are timed anew, next to the run; several times, for the machine may change its speed between the two.
            for turn in 1 2 3 $([ "$preset" != resnet18 ] || seq 4 8); do
                XDG_CACHE_HOME=$work/cache-$preset-$precision-$turn "$sora" bench --json --profile --preset "$preset" --batch 1 \
                    --precision "$precision" --runs "$runs" --seconds "$seconds" || break
            done |
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
    own=$(for sampling in exact fast keys; do
        echo "--embed {file} --preset resnet18 --precision $precision --sampling $sampling"
    done)
    # Without peers, each file by itself; with them the first is enough to choose kernels.
    for video in $videos; do
        # shellcheck disable=SC2086 # one word a file
        beside "$own" files "$precision" $videos | tee -a "$lines"
        [ -z "${PEERS:-}" ] || break
    done
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
