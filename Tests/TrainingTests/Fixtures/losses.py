#!/usr/bin/env python3
"""Losses of each head with class weights, label smoothing and focusing, and their gradients, from PyTorch in float64.

    python3 losses.py          # needs torch and torchvision

Writes losses.json beside this script.
"""

import json
import pathlib

import torch
from torch.nn import functional as F
from torchvision.ops import sigmoid_focal_loss

torch.manual_seed(5)


def numbers(t):
    return [float(f"{v:.9g}") for v in t.detach().flatten().tolist()]


def focal_softmax(logits, labels, weights, smoothing, focusing):
    # Lin et al. 2017, equation 5, for a softmax; weights and smoothing as PyTorch's cross_entropy takes them.
    targets = F.one_hot(labels, logits.shape[1]).double()
    weights = torch.ones(logits.shape[1]).double() if weights is None else weights
    smoothed = (1 - smoothing) * targets + smoothing / logits.shape[1]
    terms = weights * smoothed * (1 - logits.softmax(1)) ** focusing * logits.log_softmax(1)
    return -terms.sum() / weights[labels].sum()


def case(head, labels, outputs, smoothing, weights, focusing=0.0):
    logits = (2 * torch.randn(len(labels), outputs)).double().requires_grad_()
    w = None if weights is None else torch.tensor(weights).double()
    if head == "multiClass":
        classes = torch.tensor([l[0] for l in labels])
        loss = F.cross_entropy(logits, classes, weight=w, label_smoothing=smoothing)
        if focusing:
            assert torch.allclose(loss, focal_softmax(logits, classes, w, smoothing, 0))
            loss = focal_softmax(logits, classes, w, smoothing, focusing)
    else:
        rows = [[float(1 in l)] if head == "binary" else [float(c in l) for c in range(outputs)] for l in labels]
        # Smoothing of a yes-or-no target: softmax's over the two classes yes and no.
        targets = (1 - smoothing) * torch.tensor(rows).double() + smoothing / 2
        loss = F.binary_cross_entropy_with_logits(logits, targets, pos_weight=w)
        if focusing:
            # torchvision's has no positive weight: the two terms of a soft target apart.
            positive = sigmoid_focal_loss(logits, torch.ones_like(logits), alpha=-1, gamma=focusing)
            negative = sigmoid_focal_loss(logits, torch.zeros_like(logits), alpha=-1, gamma=focusing)
            loss = ((1 if w is None else w) * targets * positive + (1 - targets) * negative).mean()
    loss.backward()
    return {
        "head": head, "labels": labels, "outputs": outputs, "smoothing": smoothing,
        "focusing": focusing, "weights": weights,
        "logits": numbers(logits), "loss": numbers(loss)[0], "gradient": numbers(logits.grad),
    }


single, several = [[0], [2], [1], [2]], [[0, 2], [], [1], [0, 1, 2]]
cases = []
for focusing in [0.0, 1.5]:
    for smoothing in [0.0, 0.2]:
        for weighted in [False, True]:
            cases += [
                case("multiClass", single, 3, smoothing, [0.5, 2.0, 1.25] if weighted else None, focusing),
                case("binary", [[0], [1], [1], [0], [1]], 1, smoothing, [2.5] if weighted else None, focusing),
                case("multiLabel", several, 3, smoothing, [0.5, 3.0, 1.5] if weighted else None, focusing),
            ]
pathlib.Path(__file__).with_suffix(".json").write_text(
    '{"generator": "losses.py", "torch": "%s", "cases": [\n' % torch.__version__.split("+")[0]
    + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
