#!/usr/bin/env python3
"""Writes docs/performance.md from the JSON lines that Benchmarks/run.sh collects.

    python3 Benchmarks/report.py LINES.jsonl docs/performance.md
"""

import datetime
import json
import os
import platform
import sys


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        names = {key.strip(): value.strip() for key, value in fields.items()}
        wide = next((name for name in ("avx512_bf16", "avx512f", "avx2") if name in names.get("flags", "")), "")
        return f"{names.get('model name', platform.machine())}, {os.cpu_count()} cores{', ' + wide if wide else ''}"
    except OSError:
        return f"{platform.machine()}, {os.cpu_count()} cores"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def describe(line):
    """What a peer's line measured, in words."""
    parts = [f"batch {line.get('batch', '-')}"]
    parts += [str(line[key]) for key in ("form", "layout") if line.get(key)]
    if line.get("chunk"):
        parts.append(f"{line['chunk']} frames at a time")
    if line.get("recompute"):
        parts.append("recomputing")
    return ", ".join(parts)


def networks(ours, peers):
    rows = []
    for own in ours:
        key = (own["preset"], own["mode"])
        rows.append([
            f"**{key[0]}, {key[1]}**", "Sora", f"batch {own['batch']}, {own['chunk']} frames at a time",
            f"**{own['framesPerSecond']:.0f}**", "1", f"{own['gigaflopsPerSecond']:.0f}", f"{own['peakMemoryMiB']:.0f}"])
        if own["batch"] == 32:
            continue
        for peer in peers:
            if (peer["model"], peer["mode"]) != key:
                continue
            rate = peer["frames_per_second"]
            rows.append([
                "", f"{peer['peer']} {peer['version']}", describe(peer), f"{rate:.0f}" if rate else peer["stopped"],
                f"{own['framesPerSecond'] / rate:.2f}" if rate else "-", "", peer["peak_rss_mib"]])
    return table(
        ["network", "by", "how", "frames/s", "Sora is faster by", "GFLOP/s", "peak MiB"], rows)


def main():
    source, target = sys.argv[1:]
    with open(source) as file:
        lines = [json.loads(line) for line in file if line.strip().startswith("{")]
    ours = [line for line in lines if "framesPerSecond" in line]
    decoding = [line for line in lines if line.get("model") == "decode"]
    peers = [line for line in lines if "peer" in line and line not in decoding]
    text = f"""# Performance

Written by `{'QUICK=1 ' if os.environ.get('QUICK') else ''}PEERS=DIR make bench` ([how](../Benchmarks/run.sh)) on {datetime.date.today()}: {processor()}.
Medians of several runs, f32, everything in one go on one machine; ratios are what carries over to another.
A frame is what the preset takes: 224x224 (`small`: 112x112), random bytes for Sora and floats, scaled already, for its
peers. GFLOP/s counts multiplications and additions of the network as defined: Winograd's algorithm needs fewer, so the
figure may pass what the processor can do. A training step counts three times the forward pass, whatever is computed
again to save memory. Peak memory is of the whole process.

{networks(ours, peers)}

A peer that passed 20 GiB of memory was stopped.

## Decoding

One file, from opening to its last frame, against `ffmpeg -threads 2 -f null -`, in turn.

{table(["file", "by", "frames", "seconds", "frames/s", "time, ffmpeg = 1"], [
    [line["mode"], line["peer"] + " " + line["version"], line["frames"], line["seconds"], line["frames_per_second"],
     line.get("ratio_to_ffmpeg", 1)] for line in decoding])}
"""
    temporary = target + ".new"
    with open(temporary, "w") as file:
        file.write(text)
    os.replace(temporary, target)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
