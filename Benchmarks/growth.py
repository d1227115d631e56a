#!/usr/bin/env python3
"""What `sora embed` costs as clips get longer and as there are more of them: seconds and peak memory, as JSON lines.

    python3 growth.py SORA WORK_DIR

The clips are generated, small (160x120) and H.264. The model is the preset `small`, trained for one epoch: its weights
do not matter here. With QUICK=1 one and ten minutes, one and ten files.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sora, work = sys.argv[1], pathlib.Path(sys.argv[2])
quick = bool(os.environ.get("QUICK"))


def generate(path, source, seconds):
    """`seconds` of a test picture at 25 frames/s, with a key frame every two seconds."""
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", f"{source}=size=160x120:rate=25", "-t", str(seconds),
         "-c:v", "libx264", "-preset", "veryfast", "-g", "50", "-pix_fmt", "yuv420p", path], check=True)
    return path


def repeat(path, clip, times):
    """`clip`, `times` over, without encoding it again."""
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-stream_loop", str(times - 1), "-i", clip, "-c", "copy", path], check=True)
    return path


def run(arguments):
    """Wall seconds and peak memory in MiB of one command, which must succeed."""
    start = time.perf_counter()
    with open(work / "growth.log", "w") as log:
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, stderr=(work / "growth.log").read_text())
    return seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 1024)


def embed(model, clips, sampling, runs, **fields):
    option = ["--sampling", sampling] if sampling_is_known else []
    try:
        command = [sora, "embed", model, *clips, "--out", work / "growth.npy", *option]
        times, peaks = zip(*[run(command) for _ in range(runs)])
    except subprocess.CalledProcessError as error:
        print(f"growth: {fields} failed: {error.stderr.strip()}", file=sys.stderr)
        print(json.dumps({"left_out": f"sora embed, {sampling}, {fields}"}), flush=True)
        return
    print(json.dumps({
        "sampling": sampling, "seconds": round(statistics.median(times), 3), "peak_rss_mib": round(max(peaks)), **fields}),
        flush=True)


clips = work / "growth-clips"
for label in ("a", "b"):
    (clips / label).mkdir(parents=True, exist_ok=True)
    for index in range(4):
        generate(clips / label / f"{index}.mp4", "testsrc2" if label == "a" else "rgbtestsrc", 2)
model = work / "growth.safetensors"
run([sora, "train", "--data", clips, "--out", model, "--preset", "small", "--epochs", "1"])
sampling_is_known = "--sampling" in subprocess.run([sora, "embed", "--help"], capture_output=True, text=True).stdout

minute = generate(work / "growth-1min.mp4", "testsrc2", 60)
for minutes in (1, 10) if quick else (1, 10, 60):
    clip = minute if minutes == 1 else repeat(work / f"growth-{minutes}min.mp4", minute, minutes)
    for sampling in ("exact", "fast") if sampling_is_known else ("exact",):
        embed(model, [clip], sampling, 3, growth="length", minutes=minutes)

short = generate(work / "growth-10s.mp4", "testsrc2", 10)
for count in (1, 10) if quick else (1, 10, 100):
    files = []
    for index in range(count):
        files.append(work / f"growth-{index}.mp4")
        if not files[-1].exists():
            os.link(short, files[-1])
    embed(model, files, "exact", 3, growth="corpus", files=count)
