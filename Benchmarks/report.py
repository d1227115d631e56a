#!/usr/bin/env python3
"""Writes docs/performance.md from the JSON lines that Benchmarks/run.sh collects.

    python3 report.py LINES.jsonl docs/performance.md
"""

import datetime
import json
import math
import os
import platform
import statistics
import sys

PRESETS = ["article", "small", "resnet18", "resnet50", "mobilenetv2"]
LARGE_BATCH = 32  # the article's own
PRECISIONS = ["f32", "bf16", "int8"]
NAMES = {"article": "article", "small": "small", "resnet18": "ResNet-18", "resnet50": "ResNet-50", "mobilenetv2": "MobileNetV2"}

# Preset, mode, precision, what is compared, the ratio to reach. Speed counts upwards, memory downwards.
TARGETS = [
    ("resnet18", "inference", "f32", "speed", 1.6), ("resnet18", "inference", "bf16", "speed", 1.0),
    ("resnet18", "inference", "int8", "speed", 1.1), ("article", "inference", "f32", "speed", 1.5),
    ("article", "inference", "bf16", "speed", 1.15), ("resnet18", "training", "f32", "speed", 1.6),
    ("resnet18", "training", "bf16", "speed", 1.2), ("article", "training", "f32", "speed", 2.0),
    ("article", "training", "f32", "memory", 0.2), ("article", "training", "bf16", "speed", 1.6),
    ("article", "training", "bf16", "memory", 0.2),
]
# Where a target is beside another peer than the fastest.
NAMED_PEERS = {("article", "training"): "pytorch"}
FILE_TARGETS = {("exact", "speed"): 2.0, ("fast", "speed"): 4.0, ("keys", "speed"): 4.0, ("exact", "memory"): 0.3, ("fast", "memory"): 0.3}


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


def precision(line):
    return {"float32": "f32", "bfloat16": "bf16"}.get(line.get("precision"), line.get("precision", "f32"))


def joined(lines, key):
    """Of lines of Sora's about the same, one with the times of all: it is measured alone and beside each peer."""
    groups = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    result = []
    for group in groups.values():
        line = dict(group[0], seconds=[time for part in group for time in undisturbed(part, True)],
                    peakMemoryMiB=max(part["peakMemoryMiB"] for part in group))
        if "framesPerSecond" in line:
            rate = line["batch"] * line["frames"] / statistics.median(line["seconds"])
            line["gigaflopsPerSecond"] *= rate / line["framesPerSecond"]
            line["framesPerSecond"] = rate
        result.append(line)
    return result


def subject(line):
    """What a line of Sora's or of a peer's measured: those of one subject may be compared."""
    if line.get("mode") in ("embed", "file"):
        return os.path.basename(line.get("path") or line["file"]), precision(line)
    return line.get("preset") or line.get("model"), line.get("mode"), precision(line), line.get("batch") == LARGE_BATCH


def undisturbed(line, is_own=False):
    """The times of runs that no other's turn fell into: such a run seems to take three times as long at least. Of Sora's also
    without those after its peer had ended."""
    turns, most = [[]], 3 * statistics.median(line["seconds"])
    for time in line["seconds"]:
        if time > most:
            turns.append([])
        else:
            turns[-1].append(time)
    turns = turns[:-1] if is_own and len(turns) > 1 else turns
    return [time for turn in turns for time in turn] or line["seconds"]


def quick(times):
    """The time that the quickest tenth of the runs kept to."""
    return sorted(times)[len(times) // 10]


def compare(lines):
    """Gives each peer's line how many times faster Sora is, by `sampling` (None for a network alone): by the lines of Sora's
    before it, which ran in turn with it, and the quickest tenth of the runs of each."""
    for index, line in enumerate(lines):
        if "peer" not in line or line["model"] == "decode" or not line["seconds"]:
            continue
        near = {
            other.get("sampling"): other for other in lines[:index]
            if "peer" not in other and "seconds" in other and subject(other) == subject(line)}
        theirs = line["clip_frames"] / quick(undisturbed(line))
        line["faster"] = {
            sampling: own["frames"] * own.get("batch", 1) / quick(undisturbed(own, True)) / theirs
            for sampling, own in near.items()}


class Measurements:
    """The lines, by kind. A line of Sora's, or a peer's, is looked up by preset, mode and precision."""

    def __init__(self, lines):
        compare(lines)
        own = [line for line in lines if "peer" not in line and "preset" in line and "seconds" in line]
        self.ours = joined([line for line in own if line["mode"] != "embed"], subject)
        self.embedded = joined(
            [line | {"file": os.path.basename(line["path"]), "precision": precision(line)} for line in own if line["mode"] == "embed"],
            lambda line: (line["file"], line["precision"], line["sampling"]))
        self.limits = [line for line in lines if "limit" in line]
        self.micro = [line for line in lines if "micro" in line]
        self.growth = [line for line in lines if "growth" in line]
        self.decoding = [line for line in lines if line.get("model") == "decode"]
        self.left_out = list(dict.fromkeys(line["left_out"] for line in lines if "left_out" in line))
        peers = [line for line in lines if "peer" in line and line not in self.decoding]
        self.files = [line for line in peers if line["mode"] == "file"]
        self.peers = [line for line in peers if line["mode"] != "file"]

    def own(self, preset, mode, kind, large=False):
        """Sora's line; `large` is the article's own batch, which no peer is measured at."""
        return next((line for line in self.ours if subject(line) == (preset, mode, kind, large)), None)

    def of_peers(self, preset, mode, kind):
        return [line for line in self.peers if subject(line) == (preset, mode, kind, False)]

    def fastest(self, preset, mode, kind, name=None):
        """The peer that Sora is faster than by least; of those of a name only, where there is one."""
        return min((line for line in self.of_peers(preset, mode, kind) if line.get("faster") and name in (None, line["peer"])),
                   key=lambda line: line["faster"][None], default=None)

    def fastest_file(self, file, kind, sampling):
        return min((line for line in self.files if subject(line) == (file, kind) and sampling in line.get("faster", {})),
                   key=lambda line: line["faster"][sampling], default=None)


def name_of(peer):
    """A peer's name with its setting, where it has several."""
    return peer["peer"].replace("pytorch-compiled", "PyTorch compiled").replace("pytorch", "PyTorch").replace(
        "openvino", "OpenVINO").replace("onnxruntime", "ONNX Runtime").replace("keras", "Keras").replace("pyav", "PyAV")


def describe(line):
    """What a peer's line measured, in words."""
    parts = [f"batch {line['batch']}"]
    if line.get("chunk"):
        parts.append(f"{line['chunk']} frames at a time")
    parts += [line[key] for key in ("layout", "form") if line.get(key)]
    if line.get("recompute"):
        parts.append("recomputing")
    return ", ".join(parts)


def verdict(ratio, target, upwards):
    """Met or missed, and by how much of the target."""
    share = ratio / target - 1 if upwards else 1 - ratio / target
    return f"met, {share:.0%} to spare" if share >= 0 else f"**missed** by {-share:.0%}"


def targets(data):
    rows = []
    for preset, mode, kind, what, target in TARGETS:
        own, upwards = data.own(preset, mode, kind), what == "speed"
        peer = data.fastest(preset, mode, kind, NAMED_PEERS.get((preset, mode)))
        title = f"{NAMES[preset]}, {'training step' if mode == 'training' else mode}{'' if upwards else ', memory'}"
        sign = f"{'≥' if upwards else '≤'} {target:g}"
        if not own or not peer:
            rows.append([title, kind, "-", "-", "-", sign, "not measured"])
            continue
        values = (own["framesPerSecond"], peer["frames_per_second"]) if upwards else (own["peakMemoryMiB"], peer["peak_rss_mib"])
        ratio, unit = (peer["faster"][None], "frames/s") if upwards else (values[0] / values[1], "MiB")
        fastest, beside = data.fastest(preset, mode, kind), ""
        if fastest is not peer and upwards:
            beside = f" ({fastest['faster'][None]:.2f} beside {name_of(fastest)})"
        rows.append([
            title, kind, f"{values[0]:.0f} {unit}", f"{values[1]:.0f} {unit}, {name_of(peer)}", f"**{ratio:.2f}**{beside}", sign,
            verdict(ratio, target, upwards)])
    for line in data.limits:
        if line["preset"] == "resnet18":
            rows.append(["ResNet-18, inference, share of the kernels' limit", precision(line), f"{line['limit']:.2f}", "-", "-", "≥ 0.9",
                         verdict(line["limit"], 0.9, True)])
    for (sampling, what), target in FILE_TARGETS.items():
        for kind in PRECISIONS:
            rows.append(file_target(data, sampling, what, target, kind))
    if data.micro:
        most = max(line["allocations"] for line in data.micro)
        rows.append(["allocations of our own in a warm run", "-", most, "-", "-", "0", "met" if most == 0 else "**missed**"])
    return table(["what", "precision", "Sora", "peer", "Sora / peer", "target", ""], rows)


def file_target(data, sampling, what, target, kind):
    """One row over all files: the ratio is that of the worst file, the geometric mean beside it."""
    upwards, title = what == "speed", f"file to embedding, {sampling}{'' if what == 'speed' else ', memory'}"
    sign, pairs = f"{'≥' if upwards else '≤'} {target:g}", []
    for line in data.embedded:
        if (line["sampling"], line["precision"]) == (sampling, kind) and (
                peer := data.fastest_file(line["file"], kind, sampling)):
            own = statistics.median(line["seconds"]) if upwards else line["peakMemoryMiB"]
            theirs = statistics.median(undisturbed(peer)) if upwards else peer["peak_rss_mib"]
            pairs.append((peer["faster"][sampling] if upwards else own / theirs, own, theirs, line["file"], name_of(peer)))
    if not pairs:
        return [title, kind, "-", "-", "-", sign, "not measured"]
    ratio, own, theirs, file, peer = (min if upwards else max)(pairs)
    mean = math.exp(statistics.fmean(math.log(pair[0]) for pair in pairs))
    show = (lambda value: f"{value * 1000:.0f} ms") if upwards else (lambda value: f"{value:.0f} MiB")
    return [title, kind, f"{show(own)} on {file}", f"{show(theirs)}, {peer}", f"**{ratio:.2f}** (mean {mean:.2f})",
            sign, verdict(ratio, target, upwards)]


def networks(data, mode):
    rows = []
    for preset in PRESETS:
        for kind in PRECISIONS:
            own, peers = data.own(preset, mode, kind), data.of_peers(preset, mode, kind)
            if not own and not peers:
                continue
            title = f"**{NAMES[preset]}, {kind}**"
            if own:
                rows.append([
                    title, "Sora", f"batch {own['batch']}, {own['chunk']} frames at a time",
                    f"**{own['framesPerSecond']:.0f}**", "1", f"{own['gigaflopsPerSecond']:.0f}", f"{own['peakMemoryMiB']:.0f}"])
                title = ""
            for peer in sorted(peers, key=lambda line: -(line["frames_per_second"] or 0)):
                rate = peer["frames_per_second"]
                rows.append([
                    title, name_of(peer), describe(peer), f"{rate:.0f}" if rate else peer["stopped"],
                    f"{peer['faster'][None]:.2f}" if peer.get("faster") else "-", "", peer["peak_rss_mib"]])
                title = ""
        if large := data.own(preset, mode, "f32", large=True):
            rows.append([
                f"**{NAMES[preset]}, f32**", "Sora", f"batch {large['batch']}, {large['chunk']} frames at a time",
                f"{large['framesPerSecond']:.0f}", "-", f"{large['gigaflopsPerSecond']:.0f}", f"{large['peakMemoryMiB']:.0f}"])
    return table(["network", "by", "how", "frames/s", "Sora is faster by", "GFLOP/s", "peak MiB"], rows)


def files(data):
    rows = []
    for file in dict.fromkeys(line["file"] for line in data.embedded + data.files):
        for kind in PRECISIONS:
            own = [line for line in data.embedded if (line["file"], line["precision"]) == (file, kind)]
            peers = [line for line in data.files if (line["file"], line["precision"]) == (file, kind)]
            title = f"**{file}, {kind}**"
            network = data.own("resnet18", "inference", kind)
            alone = f"{16000 / network['framesPerSecond']:.0f}" if network else ""
            for line in own:
                seconds, fastest = statistics.median(line["seconds"]), data.fastest_file(file, kind, line["sampling"])
                rows.append([
                    title, "Sora", line["sampling"], f"**{seconds * 1000:.0f}**", alone,
                    f"{fastest['faster'][line['sampling']]:.2f}" if fastest else "-", f"{line['peakMemoryMiB']:.0f}"])
                title = ""
            for peer in sorted(peers, key=lambda line: line["median_seconds"]):
                rows.append([
                    title, name_of(peer).replace("+", " + "), peer["form"].lower().replace("+", ", "),
                    f"{peer['median_seconds'] * 1000:.0f}", "", "", peer["peak_rss_mib"]])
                title = ""
    return table(["file", "by", "how", "ms", "of which network", "fastest peer / Sora", "peak MiB"], rows)


def limits(data):
    kinds = ["convolution", "pooling", "normalizeFrames", "reorder", "gru"]
    rows = []
    for line in data.limits:
        shares = [line["kinds"].get(kind, 0) for kind in kinds]
        rows.append([NAMES[line["preset"]], precision(line), f"**{line['limit']:.0%}**"]
                    + [f"{share:.0%}" for share in [*shares, max(0, 1 - sum(shares))]])
    return table(["network", "precision", "share of the kernels' limit", "convolutions", "pooling", "bytes to numbers",
                  "changes of layout", "GRU", "rest"], rows)


def micro(data):
    return table(["network", "steps", "ms to plan", "allocations a run, our own", "the library's"], [
        [NAMES[line["micro"]], line["steps"], f"{line['planMilliseconds']:.1f}", line["allocations"], line["libraryAllocations"]]
        for line in data.micro])


def growth(data):
    length = [[f"{line['minutes']} min", line["sampling"], line["seconds"], line["peak_rss_mib"]]
              for line in data.growth if line["growth"] == "length"]
    corpus = [[line["files"], line["seconds"], f"{line['files'] / line['seconds']:.1f}", line["peak_rss_mib"]]
              for line in data.growth if line["growth"] == "corpus"]
    return (table(["one clip of", "sampling", "seconds", "peak MiB"], length) + "\n\n"
            + table(["files of 10 s", "seconds", "files/s", "peak MiB"], corpus))


def versions(data):
    names = {}
    for line in data.peers:
        names[name_of(line).split(" compiled")[0]] = line["version"]
    for line in data.files:
        names[line["peer"].split("+")[0]] = line["version"].split(",")[0].split()[1]
    return ", ".join(f"{name_of({'peer': name})} {version}" for name, version in names.items())


def notes(data):
    text = []
    busy = max((line.get("other_cpu", 0) for line in data.peers + data.files), default=0)
    if busy > 0.1:
        text.append(f"**The machine was not idle: other processes took up to {busy:.0%} of it. Do not rely on these figures.**")
    if data.left_out:
        text.append("Left out, because it failed, took too long or is not there:\n"
                    + "\n".join(f"- `{words}`" for words in data.left_out))
    return "".join(f"\n{words}\n" for words in text)


def page(data):
    quick = "QUICK=1 " if os.environ.get("QUICK") else ""
    with_peers = "PEERS=DIR " if data.peers else ""
    return f"""# Performance

Written by `{quick}{with_peers}make bench` ([how](../Benchmarks/run.sh)) on {datetime.date.today()}: {processor()}.
Medians of several runs, everything in one go on one machine; ratios are what carries over to another. Sora and each peer run in
turn, a second or a few runs each ([how](../Benchmarks/peers/turns.py)), since a machine that is shared with others may change
its speed twofold within seconds; a ratio is of the quickest tenth of the runs of both, and so need not be the quotient of two
medians.
{f'''Peers: {versions(data)}.
''' if data.peers else ''}{notes(data)}
## Targets

Sora against the fastest peer at the same precision, but for the article's training step, whose target is beside PyTorch with
frames in chunks; memory is compared with that same peer's. For files the ratio is that of
the file where it is worst. What keeps it from the missed ones: [speed.md](speed.md#what-is-in-the-way).

{targets(data)}

## Networks

All compute the same layers: CNN, GRU, embedding and head of the [preset](../Benchmarks/peers/networks.py), whose parameters
are as many as `sora info` says. A frame is what the preset takes: 224x224 (`small`: 112x112), random bytes for Sora and floats,
scaled already, for its peers. Each peer has the quickest of the settings tried: memory layout, frames at a time, weights
converted to bf16 or autocast, OpenVINO's performance hints; and a C library that keeps freed memory, which is worth up to
twice the speed to PyTorch. int8 is quantised by NNCF or by ONNX Runtime (QDQ), which OpenVINO
runs too. Peak memory is of the whole process, with the libraries that it loads (PyTorch's package on PyPI brings CUDA's, and
importing it alone takes some hundred MiB); what a peer took while settings were tried is not counted.
GFLOP/s counts multiplications and additions of the network as defined: Winograd's algorithm needs fewer, so the figure may pass
what the processor can do.

{networks(data, "inference")}

### Training

One step: forward, backward, Adam; bf16 is autocast in PyTorch and the mixed policy in Keras. A step counts three times the
forward pass, whatever is computed again to save memory. A peer that passed 20 GiB of memory was stopped.

{networks(data, "training")}

### Beside the kernels' limit

What the fastest kernel that the library has for each convolution takes when it is timed alone (Winograd among them in f32),
summed, as a share of the time of all steps of a run; beside it, what the steps' time goes to: `sora bench --profile` has each
step. What lies between the limit and 100 % is other steps than convolutions, and what convolutions lose when the one
before has filled the cache.

{limits(data) if data.limits else "Not measured."}

### Plans

Kernels chosen by rule; frames and clip together. Limits are kept in [limits.json](../Benchmarks/Micro/limits.json): `make micro`.
Executing a primitive allocates inside oneDNN, which no caller can prevent.

{micro(data) if data.micro else "Not measured."}

## From file to embedding

From opening the file to a vector of length 1, in a process that is warm: 16 frames spread evenly over the file, ResNet-18 and
GRU at 224x224. Peers take the frame in the middle of each of 16 equal parts, scaled where it is quickest, and pass it to a
compiled network.{' `exact` takes exactly the frames asked for; `fast` may take others near them; `keys` takes the nearest key'
  " frames, however far ([what that costs](speed.md#other-frames-than-the-models)). What is not network is decoding and scaling."
  if data.embedded else ''}

{files(data) if data.embedded + data.files else "Not measured."}

## As clips get longer, and more

`sora embed` as a whole command, from start to end, with the preset `small` (16 frames of a clip) on 160x120 H.264 at 25 frames/s.

{growth(data) if data.growth else "Not measured."}

## Decoding

One file, from opening to its last frame, against `ffmpeg -threads 2 -f null -`, in turn; the ratio is the median of those of
neighbouring runs.

{table(["file", "by", "frames", "seconds", "frames/s", "time, ffmpeg = 1"], [
    [line["mode"], (line["peer"] + " " + line["version"]).strip(), line["frames"], line["seconds"], line["frames_per_second"],
     line.get("ratio_to_ffmpeg", 1)] for line in data.decoding])}
"""


def main():
    source, target = sys.argv[1:]
    with open(source) as file:
        data = Measurements([json.loads(line) for line in file if line.strip().startswith("{")])
    temporary = target + ".new"
    with open(temporary, "w") as file:
        file.write(page(data))
    os.replace(temporary, target)
    print(targets(data))
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
