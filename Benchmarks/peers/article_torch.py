#!/usr/bin/env python3
"""The article's CNN + GRU in PyTorch, float32, eager or compiled: frames per second and peak memory, as one JSON line.

    python3 article_torch.py inference [--compile]
    python3 article_torch.py training [--recompute] [--batch 1] [--compile]

Training with --recompute runs the CNN over a few frames at a time and computes those chunks again on the way back
(torch.utils.checkpoint), so that memory depends on the chunk; without it everything is kept. Memory layout and chunk
size are tried and the quickest is measured. Frames start as float32, decoded and scaled already.
"""

import argparse

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

import measuring
import networks


def vectors(frame_network, frames, chunk, recompute):
    """frames: [batch * time, channel, height, width]"""
    parts = frames.split(chunk)
    if recompute:
        return torch.cat([checkpoint(frame_network, part, use_reentrant=False) for part in parts])
    return torch.cat([frame_network(part) for part in parts])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["inference", "training"])
    parser.add_argument("--recompute", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1, 2, 4, 10, 20])
    parser.add_argument("--layouts", nargs="+", default=["contiguous", "channels_last"])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(0)
    batch, count = arguments.batch, arguments.frames
    clips = torch.rand(batch * count, 3, 224, 224)
    labels = torch.arange(batch).remainder(2).float().unsqueeze(1)

    def make_step(setting):
        layout_name, chunk = setting
        memory_format = networks.layout(layout_name)
        frame_network = networks.ArticleFrame().to(memory_format=memory_format)
        sequence_network = networks.ArticleSequence()
        frames = clips.to(memory_format=memory_format)
        run = torch.compile(frame_network) if arguments.compile else frame_network
        if arguments.mode == "inference":
            frame_network.eval()

            @torch.inference_mode()
            def step():
                return torch.sigmoid(sequence_network(vectors(run, frames, chunk, False).unflatten(0, (batch, count))))

            return step
        parameters = [*frame_network.parameters(), *sequence_network.parameters()]
        optimiser = torch.optim.Adam(parameters)

        def step():
            optimiser.zero_grad()
            logits = sequence_network(vectors(run, frames, chunk, arguments.recompute).unflatten(0, (batch, count)))
            nn.functional.binary_cross_entropy_with_logits(logits, labels).backward()
            optimiser.step()

        return step

    settings = [(name, chunk) for name in arguments.layouts for chunk in arguments.chunks]
    rate, (layout_name, chunk) = measuring.best(settings, make_step, batch * count, arguments.runs)
    measuring.report(
        peer="pytorch-compiled" if arguments.compile else "pytorch", version=torch.__version__, model="article",
        mode=arguments.mode, precision="f32", frames_per_second=rate, batch=batch, frames=count, chunk=chunk,
        layout=layout_name, recompute=arguments.recompute, threads=arguments.threads)


if __name__ == "__main__":
    main()
