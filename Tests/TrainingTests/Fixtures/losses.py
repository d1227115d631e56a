#!/usr/bin/env python3
"""Losses of each head with class weights and label smoothing, and their gradients, from PyTorch in float64.

    python3 losses.py          # needs torch

Writes losses.json beside this script.
"""

import json
import pathlib

import torch
from torch.nn import functional as F

torch.manual_seed(5)


def numbers(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def case(head, labels, outputs, smoothing, weights):
    logits = (2 * torch.randn(len(labels), outputs)).double().requires_grad_()
    w = None if weights is None else torch.tensor(weights).double()
    if head == "multiClass":
        loss = F.cross_entropy(logits, torch.tensor([l[0] for l in labels]), weight=w, label_smoothing=smoothing)
    else:
        rows = [[float(1 in l)] if head == "binary" else [float(c in l) for c in range(outputs)] for l in labels]
        # Smoothing of a yes-or-no target: softmax's over the two classes yes and no.
        targets = (1 - smoothing) * torch.tensor(rows).double() + smoothing / 2
        loss = F.binary_cross_entropy_with_logits(logits, targets, pos_weight=w)
    loss.backward()
    return {
        "head": head, "labels": labels, "outputs": outputs, "smoothing": smoothing, "weights": weights,
        "logits": numbers(logits), "loss": numbers(loss)[0], "gradient": numbers(logits.grad),
    }


single, several = [[0], [2], [1], [2]], [[0, 2], [], [1], [0, 1, 2]]
cases = []
for smoothing in [0.0, 0.2]:
    for weighted in [False, True]:
        cases += [
            case("multiClass", single, 3, smoothing, [0.5, 2.0, 1.25] if weighted else None),
            case("binary", [[0], [1], [1], [0], [1]], 1, smoothing, [2.5] if weighted else None),
            case("multiLabel", several, 3, smoothing, [0.5, 3.0, 1.5] if weighted else None),
        ]
pathlib.Path(__file__).with_suffix(".json").write_text(
    '{"generator": "losses.py", "torch": "%s", "cases": [\n' % torch.__version__.split("+")[0]
    + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
