#!/usr/bin/env python3
"""The part of the network that reads vectors in time, from PyTorch in float64: every fusion, one direction and two.

    python3 temporal.py          # needs torch, numpy

Writes temporal.json beside this script. Weights and input are not stored: both sides draw them by the formula of
resnet18_gru.py, tensor k being the k-th in the order of the names, with the scale stored, and the input tensor 500.
"""

import json
import pathlib

import torch
from resnet18_gru import uniform
from torch import nn

CLIPS, TIME, FEATURE, HIDDEN, LAYERS, EMBEDDING, CLASSES = 3, 5, 7, 6, 2, 4, 3
SCALE = 1.5


def drawn(k, shape):
    count = 1
    for size in shape:
        count *= size
    return torch.from_numpy(uniform(k, count).reshape(shape)).double() * SCALE


def case(fusion, bidirectional, layers):
    width = HIDDEN * (2 if bidirectional else 1)
    modules = nn.ModuleDict({
        "gru": nn.GRU(FEATURE, HIDDEN, layers, batch_first=True, bidirectional=bidirectional),
        "embedding": nn.Linear(width, EMBEDDING), "head": nn.Linear(EMBEDDING, CLASSES),
    })
    if fusion == "attention":
        modules["attention"] = nn.ModuleDict({"hidden": nn.Linear(width, width), "score": nn.Linear(width, 1)})
    modules.double()
    names = sorted(modules.state_dict())
    modules.load_state_dict({n: drawn(k, modules.state_dict()[n].shape) for k, n in enumerate(names)})
    states, last = modules["gru"](drawn(500, (CLIPS, TIME, FEATURE)))
    if fusion == "last":
        fused = torch.cat([last[-2], last[-1]], 1) if bidirectional else last[-1]
    elif fusion == "mean":
        fused = states.mean(1)
    elif fusion == "max":
        fused = states.max(1).values
    else:
        scores = modules["attention"]["score"](torch.tanh(modules["attention"]["hidden"](states)))
        fused = (states * torch.softmax(scores, 1)).sum(1)
    embedding = modules["embedding"](fused)
    logits = modules["head"](embedding)
    return {
        "fusion": fusion, "bidirectional": bidirectional, "layers": layers, "names": names,
        "embedding": [float(f"{v:.9g}") for v in embedding.flatten().tolist()],
        "logits": [float(f"{v:.9g}") for v in logits.flatten().tolist()],
    }


document = {
    "generator": "temporal.py", "torch": torch.__version__.split("+")[0], "clips": CLIPS, "time": TIME,
    "feature": FEATURE, "hidden": HIDDEN, "embedding": EMBEDDING, "classes": CLASSES, "scale": SCALE,
}
cases = [case(f, b, n) for f in ["last", "mean", "max", "attention"] for b, n in [(False, 1), (True, 1), (True, LAYERS)]]
text = json.dumps(document)[:-1] + ', "cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n"
pathlib.Path(__file__).with_suffix(".json").write_text(text)
