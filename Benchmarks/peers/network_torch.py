#!/usr/bin/env python3
"""A preset's network in PyTorch, eager or compiled: frames per second and peak memory, as one JSON line.

    python3 network_torch.py resnet18 inference [--compile] [--precision bf16]
    python3 network_torch.py article training [--recompute]

Memory layout, chunk and, for bfloat16, whether the weights are converted or autocast decides are tried, and the quickest
is measured. In inference batch norm is folded into the convolutions. A training step is forward, backward and Adam, with
every frame's activations kept or, with --recompute, computed again chunk by chunk (torch.utils.checkpoint). Frames start
as float32, decoded and scaled already.
"""

import argparse
import itertools

import torch
from torch import nn
from torch.utils.checkpoint import checkpoint

import measuring
import networks
import settings


def vectors(run, frames, chunk, recompute=False):
    """frames: [batch * time, channel, height, width], `chunk` at a time."""
    parts = frames.split(chunk)
    if recompute:
        return torch.cat([checkpoint(run, part, use_reentrant=False) for part in parts])
    return torch.cat([run(part) for part in parts])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", choices=settings.CLIPS)
    parser.add_argument("mode", choices=["inference", "training"])
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    parser.add_argument("--recompute", action="store_true")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--chunks", type=int, nargs="+")
    parser.add_argument("--layouts", nargs="+", default=["channels_last", "contiguous"])
    parser.add_argument("--trial-seconds", type=float, help="how long settings are tried: 15, or 25 to compile them")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    clip, infers, half = settings.CLIPS[arguments.model], arguments.mode == "inference", arguments.precision == "bf16"
    batch = arguments.batch or (clip.inference_batch if infers else clip.training_batch)
    total = batch * clip.frames
    fields = dict(
        peer="pytorch-compiled" if arguments.compile else "pytorch", version=torch.__version__, model=arguments.model,
        mode=arguments.mode, precision=arguments.precision, batch=batch, frames=clip.frames,
        recompute=arguments.recompute, threads=arguments.threads)
    measuring.limit_memory(20, **fields)
    if arguments.compile:
        from torch._inductor import config
        config.freezing = infers
    labels = torch.arange(batch) % 2

    def loss(logits):
        if logits.shape[1] == 1:
            return nn.functional.binary_cross_entropy_with_logits(logits.float(), labels.float().unsqueeze(1))
        return nn.functional.cross_entropy(logits.float(), labels)

    def make_step(setting):
        layout_name, chunk, form = setting
        network = networks.make(arguments.model)
        frames = torch.rand(total, 3, clip.size, clip.size).to(memory_format=networks.layout(layout_name))
        autocast = torch.autocast("cpu", torch.bfloat16, enabled=form == "autocast")
        torch.compiler.reset()
        if infers:
            networks.fold(network.frame.eval())
            network.sequence.eval()
        frame = network.frame.to(memory_format=networks.layout(layout_name))
        if form == "converted":
            frame, network.sequence = frame.bfloat16(), network.sequence.bfloat16()
        run = torch.compile(frame, dynamic=False) if arguments.compile else frame
        if infers:
            @torch.no_grad()
            def step():
                with autocast:
                    inputs = frames.bfloat16() if form == "converted" else frames
                    return network.sequence(vectors(run, inputs, chunk).unflatten(0, (batch, clip.frames)))

            return step
        optimiser = torch.optim.Adam([*frame.parameters(), *network.sequence.parameters()])

        def step():
            optimiser.zero_grad()
            with autocast:
                found = vectors(run, frames, chunk, arguments.recompute)
                _, logits = network.sequence(found.unflatten(0, (batch, clip.frames)))
            loss(logits).backward()
            optimiser.step()

        return step

    # Batch norm in training sees the whole batch, so only a network without it may be cut into chunks.
    chunks = arguments.chunks or (clip.chunks if infers else clip.training_chunks or [total])
    forms = ["f32"] if not half else ["converted", "autocast"] if infers else ["autocast"]
    candidates = [(layout, chunk, form) for chunk, form, layout in itertools.product(chunks, forms, arguments.layouts)]
    trial_seconds = arguments.trial_seconds or (25 if arguments.compile else 15)
    setting = measuring.quickest(candidates, make_step, trial_seconds)
    seconds = measuring.times(make_step(setting), arguments.runs, model=arguments.model)
    measuring.report(
        clip_frames=total, seconds=seconds, chunk=setting[1], layout=setting[0], form=setting[2] if half else "", **fields)


if __name__ == "__main__":
    main()
