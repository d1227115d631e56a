#!/usr/bin/env python3
"""A preset's network in OpenVINO: frames per second and peak memory, as one JSON line.

    python3 network_openvino.py DIR resnet18 [--precision f32|bf16|int8] [--int8-from nncf|qdq]

DIR is what export.py wrote. Performance hint (latency, throughput) and chunk are tried and the quickest is measured; the
chunks of a clip run side by side where the hint asks for it. Frames start as float32, decoded and scaled already.
"""

import argparse
import itertools
import pathlib

import numpy
import openvino

import measuring
import settings


def compiled(core, model, threads, precision, hint):
    return core.compile_model(model, "CPU", {
        "PERFORMANCE_HINT": hint, "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32"})


class ClipRunner:
    """Runs a clip's frames, chunk by chunk, then its sequence."""

    def __init__(self, core, frame_model, sequence_model, chunk, threads, precision, hint):
        frame_model.reshape({0: [chunk, *list(frame_model.input(0).partial_shape)[1:]]})
        frame = compiled(core, frame_model, threads, precision, hint)
        self.sequence = compiled(core, sequence_model, threads, precision, "LATENCY").create_infer_request()
        self.vectors = numpy.zeros(self.sequence.model_inputs[0].shape, numpy.float32)
        flat = self.vectors.reshape(-1, self.vectors.shape[-1])
        self.chunk, self.queue = chunk, openvino.AsyncInferQueue(frame)

        def keep(request, first):
            flat[first:first + chunk] = request.output_tensors[0].data

        self.queue.set_callback(keep)

    def __call__(self, frames):
        for first in range(0, len(frames), self.chunk):
            self.queue.start_async({0: frames[first:first + self.chunk]}, first, share_inputs=True)
        self.queue.wait_all()
        return self.sequence.infer({0: self.vectors}, share_inputs=True)[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("model", choices=settings.CLIPS)
    parser.add_argument("--precision", choices=["f32", "bf16", "int8"], default="f32")
    parser.add_argument("--int8-from", choices=["nncf", "qdq"], default="nncf")
    parser.add_argument("--chunks", type=int, nargs="+")
    parser.add_argument("--trial-seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    clip, core, name = settings.CLIPS[arguments.model], openvino.Core(), arguments.model
    kind = {"nncf": ".nncf.xml", "qdq": ".qdq.onnx"}[arguments.int8_from] if arguments.precision == "int8" else ".onnx"
    total = clip.inference_batch * clip.frames
    frames = numpy.random.default_rng(0).random((total, 3, clip.size, clip.size), numpy.float32)

    def make_step(setting):
        hint, chunk = setting
        run = ClipRunner(
            core, core.read_model(arguments.folder / f"{name}.frame{kind}"),
            core.read_model(arguments.folder / f"{name}.sequence.onnx"), chunk, arguments.threads, arguments.precision, hint)
        return lambda: run(frames)

    candidates = list(itertools.product(["LATENCY", "THROUGHPUT"], arguments.chunks or clip.chunks))
    setting = measuring.quickest(candidates, make_step, arguments.trial_seconds)
    seconds = measuring.times(make_step(setting), arguments.runs, model=name)
    measuring.report(
        peer="openvino", version=openvino.__version__.split("-")[0], model=name, mode="inference",
        precision=arguments.precision, clip_frames=total, seconds=seconds, batch=clip.inference_batch, frames=clip.frames,
        chunk=setting[1], form=setting[0].lower() + (f", {arguments.int8_from}" if arguments.precision == "int8" else ""),
        threads=arguments.threads)


if __name__ == "__main__":
    main()
