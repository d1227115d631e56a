#!/usr/bin/env python3
"""ResNet-18 at 224x224 in PyTorch, float32, eager or compiled: frames per second and peak memory, as one JSON line.

    python3 resnet18_torch.py inference|training [--compile] [--batch 16]

The memory layout that is quicker is the one measured. Training is a whole step: SGD with momentum, cross-entropy.
"""

import argparse

import torch
from torch import nn

import measuring
import networks


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["inference", "training"])
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--layouts", nargs="+", default=["contiguous", "channels_last"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    images = torch.rand(arguments.batch, 3, 224, 224)
    labels = torch.arange(arguments.batch) % 1000

    def make_step(layout_name):
        memory_format = networks.layout(layout_name)
        network = networks.ResNet18().to(memory_format=memory_format)
        frames = images.to(memory_format=memory_format)
        run = torch.compile(network) if arguments.compile else network
        if arguments.mode == "inference":
            network.eval()
            return torch.inference_mode()(lambda: run(frames))
        optimiser = torch.optim.SGD(network.parameters(), 0.01, momentum=0.9)

        def step():
            optimiser.zero_grad()
            nn.functional.cross_entropy(run(frames), labels).backward()
            optimiser.step()

        return step

    rate, layout_name = measuring.best(arguments.layouts, make_step, arguments.batch, arguments.runs)
    measuring.report(
        peer="pytorch-compiled" if arguments.compile else "pytorch", version=torch.__version__, model="resnet18",
        mode=arguments.mode, precision="f32", frames_per_second=rate, batch=arguments.batch, layout=layout_name,
        threads=arguments.threads)


if __name__ == "__main__":
    main()
