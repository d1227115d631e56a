#!/usr/bin/env python3
"""Whole-network reference values: ResNet-18 + GRU, outputs and every gradient, from PyTorch in float64.

    python3 resnet18_gru.py          # needs torch, numpy (Benchmarks/peers/setup.sh makes a venv with them)

Writes resnet18_gru.json beside this script. Eleven million weights are not committed: both sides compute them, and
the input, from the formula that the JSON carries under `formula`. Layer names are torchvision's.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from torch import nn

BATCH, TIME, SIZE, HIDDEN, CLASSES = 2, 3, 64, 32, 5
LABELS = [3, 1]
SAMPLES = 16

# The salts of the frames, 1013 and 1014, were picked among twenty: with them no ReLU changes side even under relative
# noise of 3e-6 on all weights and inputs, so that what is compared is arithmetic and not luck.
FORMULA = {
    "mix": "all in UInt32, wrapping: mix(x): x ^= x >> 16; x *= 0x7feb352d; x ^= x >> 15; x *= 0x846ca68b; x ^= x >> 16",
    "uniform": "u(k, i) = Float(mix(i ^ mix(k + 1)) >> 8) / 2^24 - 0.5, exact in float32, in [-0.5, 0.5)",
    "tensor": "element i (row-major, in the shape listed) of tensor k = offset + scale * u(k, i), in float32, the "
    "product rounded before the sum; k, scale and offset are listed with each tensor",
    "frames": "[batch, time, height, width, channel], element i (row-major), at row y and column x: byte = "
    "(mix(i ^ mix(1013)) >> 25) + (mix(j ^ mix(1014)) >> 25), where j is the row-major index of "
    "[batch, time, y / 8, x / 8, channel] in [batch, time, height / 8, width / 8, channel]",
    "input": "(byte / 255 - 0.45) / 0.225",
    "compare": "with t = 1e-4: norm and projection within t * norm, sum within t * absoluteSum, a listed value within "
    "t * (|value| + norm / sqrt(count))",
    "projection": "sum over i of gradient[i] * u(k + 2000, i)",
}


def mix(x):
    x = x.astype(numpy.uint32)
    x ^= x >> numpy.uint32(16)
    x *= numpy.uint32(0x7FEB352D)
    x ^= x >> numpy.uint32(15)
    x *= numpy.uint32(0x846CA68B)
    x ^= x >> numpy.uint32(16)
    return x


def salted(salt, index):
    return mix(index.astype(numpy.uint32) ^ mix(numpy.array([salt], numpy.uint32))[0])


def uniform(k, count):
    bits = salted(k + 1, numpy.arange(count)) >> numpy.uint32(8)
    return bits.astype(numpy.float32) * numpy.float32(2.0**-24) - numpy.float32(0.5)


def frame_bytes():
    shape = (BATCH, TIME, SIZE, SIZE, 3)
    b, t, y, x, c = numpy.indices(shape)
    block = numpy.ravel_multi_index((b, t, y // 8, x // 8, c), (BATCH, TIME, SIZE // 8, SIZE // 8, 3))
    fine = salted(1013, numpy.arange(math.prod(shape))).reshape(shape)
    return (fine >> numpy.uint32(25)) + (salted(1014, block) >> numpy.uint32(25))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        else:
            self.downsample = nn.Identity()

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class ResNet18GRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(BasicBlock(64, 64, 1), BasicBlock(64, 64, 1))
        self.layer2 = nn.Sequential(BasicBlock(64, 128, 2), BasicBlock(128, 128, 1))
        self.layer3 = nn.Sequential(BasicBlock(128, 256, 2), BasicBlock(256, 256, 1))
        self.layer4 = nn.Sequential(BasicBlock(256, 512, 2), BasicBlock(512, 512, 1))
        self.gru = nn.GRU(512, HIDDEN, batch_first=True)
        self.head = nn.Linear(HIDDEN, CLASSES)

    def forward(self, frames):
        """frames: [batch, time, channel, height, width]. Returns the logits, and what was seen on the way."""
        seen = {}
        x = torch.relu(self.bn1(self.conv1(frames.flatten(0, 1))))
        x = seen["stem"] = nn.functional.max_pool2d(x, 3, 2, 1)
        for name in ["layer1", "layer2", "layer3", "layer4"]:
            x = seen[name] = getattr(self, name)(x)
        x = seen["features"] = x.mean((2, 3)).unflatten(0, frames.shape[:2])
        x = seen["gru"] = self.gru(x)[0]
        x = seen["pooled"] = x.mean(1)
        return self.head(x), seen


def recipe(name, shape):
    """Offset and scale of the tensor called `name`; a uniform in [-0.5, 0.5) times scale has variance scale² / 12."""
    fan_in = math.prod(shape[1:])
    if name.endswith("running_var"):
        return 4.0, 1.0
    if name.endswith("running_mean"):
        return 0.0, 0.5
    if len(shape) == 4:
        return 0.0, math.sqrt(24 / fan_in)  # He: variance 2 / fan-in
    if len(shape) == 2:
        return 0.0, math.sqrt(12 / fan_in)  # variance 1 / fan-in
    if name.startswith(("gru", "head")):
        return 0.0, 0.5
    # A ReLU whose input lies within rounding of 0 switches a whole path on or off, and moves some gradient by 1e-2.
    # Of a million such inputs centred on 0, one or two do. Batch normalisation is therefore set to put 0 some two
    # standard deviations below the mean: enough units are still cut off, next to none lies on the edge.
    if name.endswith("bias"):
        return 1.5, 0.5
    return 0.75, 0.5


def numbers(tensor):
    return [float(f"{v:.10g}") for v in tensor.detach().flatten().tolist()]


def summary(tensor, k=None):
    flat = tensor.detach().flatten()
    positions = [(2 * j + 1) * len(flat) // (2 * SAMPLES) for j in range(SAMPLES)]
    result = {"norm": numbers(flat.norm())[0], "sum": numbers(flat.sum())[0], "absoluteSum": numbers(flat.abs().sum())[0]}
    if k is not None:
        result["projection"] = numbers(flat @ torch.from_numpy(uniform(k + 2000, len(flat))).to(flat.dtype))[0]
        positions = sorted(set(positions))
        result |= {"positions": positions, "values": numbers(flat[positions])}
    return result


def build(dtype):
    network = ResNet18GRU().to(dtype)
    tensors = {n: t for n, t in sorted(network.state_dict().items()) if not n.endswith("num_batches_tracked")}
    listed = []
    for k, (name, tensor) in enumerate(tensors.items()):
        offset, scale = (numpy.float32(v) for v in recipe(name, tensor.shape))
        values = offset + scale * uniform(k, tensor.numel())
        tensor.copy_(torch.from_numpy(values.reshape(tensor.shape)))
        listed.append({
            "name": name, "k": k, "shape": list(tensor.shape), "offset": float(offset), "scale": float(f"{scale:.9g}")})
        assert numpy.float32(listed[-1]["scale"]) == scale
    return network, listed


def channels_last(activation):
    return activation.permute(0, 2, 3, 1) if activation.dim() == 4 else activation


def run(dtype):
    network, listed = build(dtype)
    bytes_ = frame_bytes()
    frames = torch.from_numpy((bytes_ / 255 - 0.45) / 0.225).to(dtype).permute(0, 1, 4, 2, 3)
    labels = torch.tensor(LABELS)
    network.eval()
    with torch.no_grad():
        evaluated, evaluated_seen = network(frames)
    network.train()
    logits, seen = network(frames)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    return network, listed, bytes_, evaluated, evaluated_seen, logits, seen, loss


def worst_relative(network, exact):
    """The largest relative error, in norm, of any parameter's gradient."""
    pairs = zip(network.named_parameters(), exact.parameters())
    return max(((a.grad.double() - b.grad).norm() / b.grad.norm()).item() for (_, a), b in pairs)


def main():
    torch.manual_seed(0)
    network, listed, bytes_, evaluated, evaluated_seen, logits, seen, loss = run(torch.float64)
    single, _, _, single_evaluated, _, single_logits, _, _ = run(torch.float32)

    def relative(a, b):
        return float(f"{((a.double() - b).norm() / b.norm()).item():.2g}")

    parameters, state = dict(network.named_parameters()), network.state_dict()
    for entry in listed:
        if entry["name"] in parameters:
            entry["gradient"] = summary(parameters[entry["name"]].grad, entry["k"])
        else:
            entry["updated"] = summary(state[entry["name"]], entry["k"])
    document = {
        "generator": "resnet18_gru.py",
        "torch": torch.__version__.split("+")[0],
        "network": "resnet18 without fc on every frame (training: batch normalisation over all frames together, "
        "momentum 0.1, epsilon 1e-5) -> [batch, time, 512] -> GRU -> mean over time -> head -> mean softmax "
        "cross-entropy. `training` starts from the listed tensors and so does `inference` (listed running statistics). "
        "`updated` is the running statistic after one training pass.",
        "batch": BATCH, "time": TIME, "size": SIZE, "hidden": HIDDEN, "classes": CLASSES, "labels": LABELS,
        "formula": FORMULA,
        "framesCheck": {"first": bytes_.flatten()[:16].tolist(), "sum": int(bytes_.sum())},
        "float32": {
            "what": "relative error, in norm, of PyTorch's own float32 on the same network: what a tolerance must allow",
            "logits": relative(single_logits, logits), "inferenceLogits": relative(single_evaluated, evaluated),
            "worstGradient": float(f"{worst_relative(single, network):.2g}"),
        },
        "training": {
            "logits": numbers(logits), "loss": numbers(loss)[0], "pooled": numbers(seen["pooled"]),
            "activations": {n: summary(channels_last(a)) for n, a in seen.items()},
        },
        "inference": {
            "logits": numbers(evaluated), "pooled": numbers(evaluated_seen["pooled"]),
            "activations": {n: summary(channels_last(a)) for n, a in evaluated_seen.items()},
        },
    }
    head = "".join(f"  {json.dumps(k)}: {json.dumps(v)},\n" for k, v in document.items())
    lines = ",\n".join("    " + json.dumps(entry) for entry in listed)
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("{\n" + head + '  "tensors": [\n' + lines + "\n  ]\n}\n")
    print(f"{path.name}: {path.stat().st_size} bytes; float32 {document['float32']}", file=sys.stderr)


if __name__ == "__main__":
    main()
