#!/usr/bin/env python3
"""Grad-CAM and gradient times input of small networks, from PyTorch in float64 by hooks on the last feature map.

    python3 activation.py          # needs torch, numpy

Writes activation.json beside this script. Weights and frames are not stored: both sides draw them by the formula of
resnet18_gru.py, tensor k being the k-th in the order of the names with that file's recipe; byte i of the frames is
mix(i ^ mix(77)) >> 24.
"""

import json
import math
import pathlib

import numpy
import torch
from resnet18_gru import BasicBlock, recipe, salted, uniform
from torch import nn

FRAMES, SIZE, HIDDEN, EMBEDDING, CHANNELS = 3, 24, 5, 4, [6, 10]


class Network(nn.Module):
    def __init__(self, grid, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(BasicBlock(4, CHANNELS[0], 2))
        self.layer2 = nn.Sequential(BasicBlock(CHANNELS[0], CHANNELS[1], 2))
        side = math.ceil(math.ceil(SIZE / 2 / 2) / 2)
        size = CHANNELS[1]
        if grid:
            self.grid = nn.ModuleDict({"conv": nn.Conv2d(CHANNELS[1], grid, 1, bias=False), "bn": nn.BatchNorm2d(grid)})
            size += side * side * grid
        self.gru = nn.GRU(size, HIDDEN, batch_first=True)
        self.embedding = nn.Linear(HIDDEN, EMBEDDING)
        self.head = nn.Linear(EMBEDDING, outputs)

    def forward(self, frames):
        x = torch.relu(self.bn1(self.conv1(frames)))
        self.map = self.layer2(self.layer1(x))
        self.map.retain_grad()
        self.features = self.map.mean((2, 3))
        if hasattr(self, "grid"):
            grid = torch.relu(self.grid["bn"](self.grid["conv"](self.map)))
            # Channels last, as the image is flattened here.
            self.features = torch.cat([self.features, grid.permute(0, 2, 3, 1).flatten(1)], 1)
        self.features.retain_grad()
        return self.head(self.embedding(self.gru(self.features[None])[0].mean(1)))[0]


def case(grid, head, label):
    labels = 2 if head == "binary" else 3
    network = Network(grid, 1 if head == "binary" else labels).double().eval()
    state = {n: t for n, t in sorted(network.state_dict().items()) if not n.endswith("num_batches_tracked")}
    tensors = []
    for k, (name, tensor) in enumerate(state.items()):
        offset, scale = (numpy.float32(v) for v in recipe(name, tensor.shape))
        values = offset + scale * uniform(k, tensor.numel())
        tensor.copy_(torch.from_numpy(values.reshape(tensor.shape)))
        tensors.append({"name": name, "k": k, "offset": float(offset), "scale": float(f"{scale:.9g}")})
    count = FRAMES * SIZE * SIZE * 3
    bytes_ = (salted(77, numpy.arange(count)) >> numpy.uint32(24)).reshape(FRAMES, SIZE, SIZE, 3)
    frames = torch.from_numpy(bytes_ / 255).permute(0, 3, 1, 2)
    mean, deviation = (torch.tensor(v, dtype=torch.float64)[:, None, None] for v in ([0.4, 0.5, 0.6], [0.2, 0.25, 0.3]))
    logits = network((frames - mean) / deviation)
    logit = (logits[0] if label == 1 else -logits[0]) if head == "binary" else logits[label]
    logit.backward()
    weights = network.map.grad.mean((2, 3), keepdim=True)
    maps = torch.relu((weights * network.map).sum(1))
    shares = (network.features * network.features.grad).sum(1)
    # A map that is cut off everywhere would say nothing.
    if maps.max() == 0:
        return case(grid, head, label + 1)
    return {
        "grid": grid, "head": head, "label": label, "tensors": tensors, "height": maps.shape[1], "width": maps.shape[2],
        "maps": [float(f"{v:.9g}") for v in (maps / maps.max()).flatten().tolist()],
        "frames": [float(f"{v:.9g}") for v in (shares / shares.abs().sum()).tolist()],
    }


document = {
    "generator": "activation.py", "torch": torch.__version__.split("+")[0], "frames": FRAMES, "size": SIZE,
    "hidden": HIDDEN, "embedding": EMBEDDING, "channels": CHANNELS,
}
cases = [case(0, "multiClass", 2), case(2, "multiClass", 0), case(0, "binary", 0), case(2, "multiLabel", 1)]
text = json.dumps(document)[:-1] + ', "cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n"
pathlib.Path(__file__).with_suffix(".json").write_text(text)
