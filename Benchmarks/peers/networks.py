#!/usr/bin/env python3
"""Sora's presets in PyTorch: the same layers, so that peers compute what Sora computes.

    python3 networks.py [SORA]     # prints the parameters of each, and checks them against `SORA info --preset`

Every network is two parts: one frame to a vector, and a clip's vectors to (embedding, logits).
"""

import json
import subprocess
import sys
from dataclasses import dataclass

import torch
from torch import nn

import settings


class ConvNorm(nn.Sequential):
    """Convolution, batch norm. `padding` keeps the size, before the stride."""

    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False), nn.BatchNorm2d(outputs))


class Residual(nn.Module):
    """ResNet's basic block, or with `bottleneck` its three-convolution one."""

    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = width * 4 if bottleneck else width
        shapes = [(inputs, width, 1, 1), (width, width, 3, stride), (width, outputs, 1, 1)] if bottleneck else [
            (inputs, width, 3, stride), (width, width, 3, 1)]
        self.convolutions = nn.Sequential()
        for index, shape in enumerate(shapes):
            self.convolutions.append(ConvNorm(*shape))
            if index < len(shapes) - 1:
                self.convolutions.append(nn.ReLU(inplace=True))
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else ConvNorm(inputs, outputs, 1, stride)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.convolutions(x) + self.shortcut(x))


class ResNetFrame(nn.Sequential):
    """ResNet without its classifier: one frame to as many numbers as the last block has channels."""

    def __init__(self, blocks, bottleneck=False):
        layers = [ConvNorm(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        inputs = 64
        for stage, count in enumerate(blocks):
            for index in range(count):
                width = 64 << stage
                layers.append(Residual(inputs, width, 2 if stage > 0 and index == 0 else 1, bottleneck))
                inputs = width * 4 if bottleneck else width
        super().__init__(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())


class InvertedResidual(nn.Module):
    """MobileNetV2's block: expand, depthwise, project."""

    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        expand = [] if expansion == 1 else [ConvNorm(inputs, hidden, 1), nn.ReLU6(inplace=True)]
        self.convolutions = nn.Sequential(
            *expand, ConvNorm(hidden, hidden, 3, stride, groups=hidden), nn.ReLU6(inplace=True),
            ConvNorm(hidden, outputs, 1))
        self.adds = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.convolutions(x) if self.adds else self.convolutions(x)


class MobileNetV2Frame(nn.Sequential):
    """MobileNetV2 without its classifier: one frame to 1280 numbers."""

    def __init__(self):
        stages = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
        layers, inputs = [ConvNorm(3, 32, 3, 2), nn.ReLU6(inplace=True)], 32
        for expansion, outputs, count, stride in stages:
            for index in range(count):
                layers.append(InvertedResidual(inputs, outputs, stride if index == 0 else 1, expansion))
                inputs = outputs
        super().__init__(
            *layers, ConvNorm(320, 1280, 1), nn.ReLU6(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten())


class SmallFrame(nn.Module):
    """Sora's own residual network at 112x112: a mean over the image, and beside it a coarse grid of 7x7x8."""

    def __init__(self):
        super().__init__()
        self.image = nn.Sequential(
            ConvNorm(3, 16, 3, 2), nn.ReLU(inplace=True), Residual(16, 32, 2, False), Residual(32, 64, 2, False),
            Residual(64, 128, 2, False), Residual(128, 128, 1, False))
        self.grid = nn.Sequential(ConvNorm(128, 8, 1), nn.ReLU(inplace=True), nn.Flatten())

    def forward(self, x):
        image = self.image(x)
        return torch.cat([image.mean((2, 3)), self.grid(image)], 1)


class ArticleFrame(nn.Sequential):
    """The article's CNN: one 224x224x3 frame to 64 numbers. Convolutions are unpadded, as Keras's default."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())


class Sequence(nn.Module):
    """[batch, time, features] to (embedding of length 1, logits).

    Without `embedding` the GRU's last state is the embedding, else the mean over time goes through a dense layer. With
    `differences` the GRU also reads how each frame's vector differs from the last.
    """

    def __init__(self, features, hidden, embedding, outputs, bidirectional=False, differences=False):
        super().__init__()
        self.differences = differences
        self.gru = nn.GRU(
            features * (2 if differences else 1), hidden, batch_first=True, bidirectional=bidirectional)
        states = hidden * (2 if bidirectional else 1)
        self.embedding = nn.Linear(states, embedding) if embedding else None
        self.head = nn.Linear(embedding or states, outputs)

    def forward(self, vectors):
        if self.differences:
            vectors = torch.cat([vectors, torch.diff(vectors, dim=1, prepend=vectors[:, :1])], 2)
        states = self.gru(vectors)[0]
        vector = self.embedding(states.mean(1)) if self.embedding else states[:, -1]
        return nn.functional.normalize(vector, dim=1), self.head(vector)


@dataclass
class Network:
    frame: nn.Module
    sequence: nn.Module
    features: int


def make(name):
    """The network of a preset, with random weights."""
    torch.manual_seed(0)
    if name == "article":
        return Network(ArticleFrame(), Sequence(64, 128, None, 1), 64)
    if name == "small":
        return Network(SmallFrame(), Sequence(520, 128, 128, 2, bidirectional=True, differences=True), 520)
    frame, features = {
        "resnet18": lambda: (ResNetFrame([2, 2, 2, 2]), 512),
        "resnet50": lambda: (ResNetFrame([3, 4, 6, 3], bottleneck=True), 2048),
        "mobilenetv2": lambda: (MobileNetV2Frame(), 1280),
    }[name]()
    return Network(frame, Sequence(features, 256, 256, 2), features)


def fold(module):
    """Folds every batch norm into the convolution before it, for inference."""
    for name, child in module.named_children():
        if isinstance(child, ConvNorm):
            setattr(module, name, nn.utils.fuse_conv_bn_eval(child[0], child[1]))
        else:
            fold(child)
    return module


def layout(name):
    return torch.channels_last if name == "channels_last" else torch.contiguous_format


def main():
    sora, status = sys.argv[1:], 0
    for name, clip in settings.CLIPS.items():
        network = make(name)
        vectors = network.frame.eval()(torch.zeros(1, 3, clip.size, clip.size))
        assert vectors.shape == (1, network.features), vectors.shape
        count = sum(p.numel() for part in (network.frame, network.sequence) for p in part.parameters())
        words = f"{name}: {count} parameters"
        if sora:
            text = subprocess.run([*sora, "info", "--preset", name, "--json"], capture_output=True, text=True, check=True)
            theirs = sum(layer["parameters"] for layer in json.loads(text.stdout)["summary"]["layers"])
            words += ", as Sora's" if theirs == count else f", but Sora's has {theirs}"
            status |= theirs != count
        print(words)
    return status


if __name__ == "__main__":
    sys.exit(main())
