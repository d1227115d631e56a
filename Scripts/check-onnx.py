#!/usr/bin/env python3
"""Checks exported models in other runtimes: what they compute is what `sora embed` and `sora classify` do.

    pip install onnx onnxruntime openvino numpy      # OpenVINO is left out where it is not installed
    Scripts/check-onnx.py [--sora .build/release/sora] [--only NAME] [--keep FOLDER]

Makes clips (with ffmpeg), trains each network on them for an epoch, so that its weights are random and its running
statistics are not those of a new one, exports it, has ONNX check the file and infer its shapes, and runs it on the frames
of one and of three clips. The largest difference of each is printed; more than 1e-4 anywhere ends it with an error.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime

try:
    import openvino
except ImportError:
    openvino = None

TOLERANCE = 1e-4
SMALL = ["--size", "32", "--frames", "6"]
# Presets in the size of their own, the article's with a third of its frames; then every part that presets do not have.
CASES = {
    "article": ["--preset", "article", "--frames", "32"],
    "small": ["--preset", "small"],
    "resnet18": ["--preset", "resnet18", "--frames", "4"],
    "resnet34": ["--preset", "resnet34", "--frames", "4"],
    "resnet50": ["--preset", "resnet50", "--frames", "4"],
    # So many layers let nothing through until their running statistics are those of the clips.
    "mobilenetv2": ["--preset", "mobilenetv2", "--frames", "4", "--batch", "2", "--epochs", "10"],
    "fusion last": [*SMALL, "--fusion", "last"],
    "fusion mean": [*SMALL, "--fusion", "mean"],
    "fusion max": [*SMALL, "--fusion", "max"],
    "fusion attention": [*SMALL, "--fusion", "attention"],
    "2 layers": [*SMALL, "--layers", "2", "--bidirectional"],
    "3 layers, one way": [*SMALL, "--layers", "3", "--no-bidirectional", "--fusion", "last"],
    "no differences": [*SMALL, "--no-differences"],
    "motion beside": [*SMALL, "--motion", "beside"],
    "motion alone": [*SMALL, "--motion", "alone"],
    "one frame": ["--size", "32", "--frames", "1"],
    "binary": [*SMALL, "--head", "binary"],
    "multi-label": [*SMALL, "--head", "multiLabel"],
    "multi-label list": [*SMALL],
}
SOURCES = {"bars": "smptebars", "test": "testsrc2", "life": "life=mold=10:life_color=white", "rgb": "rgbtestsrc"}


def run(*command):
    """What a command prints; its errors are shown, and end this, if it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def make_clips(folder):
    """Four clips of each of two classes, and a list that gives half of them two labels."""
    rows = ["path,label"]
    for number, (name, source) in enumerate(SOURCES.items()):
        label = "ab"[number % 2]
        (folder / "clips" / label).mkdir(parents=True, exist_ok=True)
        for part in range(2):
            path = folder / "clips" / label / f"{name}{part}.mp4"
            chain = f"hue=h={40 * part}:s={1 + part},scale=96:64"
            separator = ":" if "=" in source else "="
            run("ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", f"{source}{separator}size=96x64:rate=25",
                "-t", 1.5, "-vf", chain, "-pix_fmt", "yuv420p", path)
            rows.append(f"clips/{label}/{path.name},{'a|c' if part else label}")
    (folder / "list.csv").write_text("\n".join(rows) + "\n")


def openvino_run(path, frames):
    model = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    results = model({"frames": frames})
    return [results[model.output(name)] for name in ("embedding", "probabilities")]


def check(sora, folder, name, options):
    """The largest difference in each runtime, over both outputs and over one and three clips."""
    model, exported = folder / "model.safetensors", folder / "model.onnx"
    data = folder / ("list.csv" if name == "multi-label list" else "clips")
    short = [] if "--epochs" in options else ["--epochs", 1, "--batch", 3]
    run(sora, "train", "--data", data, "--out", model, "--validation", 0, "--no-augmentation", *short, *options)
    run(sora, "export", model, "--out", exported)
    onnx.checker.check_model(str(exported), full_check=True)
    onnx.shape_inference.infer_shapes(onnx.load(str(exported)), strict_mode=True, data_prop=True)

    clips = sorted((folder / "clips").glob("*/*.mp4"))[::3][:3]
    frames = []
    for clip in clips:
        run(sora, "frames", clip, "--model", model, "--out", folder / "frames.npy")
        frames.append(np.load(folder / "frames.npy"))
    frames = np.stack(frames)
    exact = ["--precision", "f32"]
    run(sora, "embed", model, *clips, "--out", folder / "v.npy", *exact)
    run(sora, "classify", model, *clips, "--out", folder / "p.npy", *exact)
    expected = [np.load(folder / "v.npy"), np.load(folder / "p.npy")]
    # A check that cannot fail would be none: the clips must differ from each other.
    apart = float(np.abs(expected[0][0] - expected[0][1:]).max(axis=1).min())
    assert apart > 10 * TOLERANCE, (name, apart)

    session = onnxruntime.InferenceSession(str(exported), providers=["CPUExecutionProvider"])
    labels = json.loads(session.get_modelmeta().custom_metadata_map["sora.labels"])
    assert labels == (folder / "p.npy.labels.txt").read_text().splitlines(), labels
    runtimes = {"ONNX Runtime": lambda x: session.run(["embedding", "probabilities"], {"frames": x})}
    if openvino:
        runtimes["OpenVINO"] = lambda x: openvino_run(str(exported), x)
    worst = {}
    for runtime, predict in runtimes.items():
        differences = []
        for count in (1, 3):
            for found, wanted in zip(predict(frames[:count]), expected):
                assert found.shape == wanted[:count].shape, (found.shape, wanted.shape)
                differences.append(float(np.abs(found - wanted[:count]).max()))
        worst[runtime] = max(differences)
    return worst, exported.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sora", default=".build/release/sora")
    parser.add_argument("--only", help="check this network alone")
    parser.add_argument("--keep", help="leave the files in this folder", type=pathlib.Path)
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        make_clips(folder)
        for name, options in CASES.items():
            if arguments.only in (None, name):
                worst, size = check(arguments.sora, folder, name, options)
                failed |= any(not difference <= TOLERANCE for difference in worst.values())
                print(f"{name:18}", f"{size / 2**20:6.1f} MiB",
                      *(f"  {runtime} {difference:.1e}" for runtime, difference in worst.items()), flush=True)
    sys.exit(f"more than {TOLERANCE} off" if failed else 0)


if __name__ == "__main__":
    main()
