#!/bin/sh
# Times a sequential decode of FILE's first video stream by ffmpeg with two threads, as one JSON line; and, where a
# COMMAND is given, that command in turn with it, and the ratio (1.10 = COMMAND takes a tenth longer): the median of those of
# neighbouring runs, which a change of the machine's speed does not spoil.
#
#   Benchmarks/peers/decode.sh FILE [COMMAND…]
#   Benchmarks/peers/decode.sh clip.mp4 .build/release/sora bench --decode clip.mp4
#
# RUNS (default 7) and THREADS (default 2) may be set in the environment. Frames are decoded as they are stored:
# neither scaled, converted, nor duplicated to a constant rate.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 FILE [COMMAND…]" >&2; exit 2; }
exec python3 - "$@" <<'PYTHON'
import json, os, re, resource, statistics, subprocess, sys, time

path, command = sys.argv[1], sys.argv[2:]
runs, threads = int(os.environ.get("RUNS", 7)), os.environ.get("THREADS", "2")
ffmpeg = ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-threads", threads, "-i", path, "-map", "0:v:0",
          "-fps_mode", "passthrough", "-f", "null", "-"]


def timed(arguments):
    """Wall seconds, CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{arguments[0]} failed on {path}: {done.stderr.strip()}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def line(peer, version, times):
    wall, cpu = (statistics.median(column) for column in zip(*times))
    return {"peer": peer, "version": version, "model": "decode", "mode": os.path.basename(path), "seconds": round(wall, 4),
            "cpu_seconds": round(cpu, 4), "frames": frames, "frames_per_second": round(frames / wall, 1), "threads": int(threads)}


version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True).stdout.split()[2]
counted = subprocess.run(
    [*ffmpeg[:-3], "-progress", "pipe:1", *ffmpeg[-3:]], capture_output=True, text=True)
if counted.returncode:
    sys.exit(f"ffmpeg failed on {path}: {counted.stderr.strip()}")
frames = int(re.findall(r"^frame=\s*(\d+)", counted.stdout, re.M)[-1])
theirs, ours = [], []
timed(ffmpeg)
if command:
    timed(command)
for _ in range(runs):
    theirs.append(timed(ffmpeg))
    if command:
        ours.append(timed(command))
print(json.dumps(line("ffmpeg", version, theirs)))
if command:
    other = line(os.path.basename(command[0]), "", ours)
    # The command comes before one run of ffmpeg's and after another: both count.
    ratios = [mine[0] / theirs[i + j][0] for i, mine in enumerate(ours) for j in (0, 1) if i + j < len(theirs)]
    print(json.dumps(other | {"ratio_to_ffmpeg": round(statistics.median(ratios), 3)}))
PYTHON
