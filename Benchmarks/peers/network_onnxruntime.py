#!/usr/bin/env python3
"""A preset's network in ONNX Runtime: frames per second and peak memory, as one JSON line.

    python3 network_onnxruntime.py DIR resnet18 [--precision f32|int8]

DIR is what export.py wrote. Chunks are tried and the quickest is measured. Frames start as float32, decoded and scaled
already.
"""

import argparse
import pathlib

import numpy
import onnxruntime

import measuring
import settings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("model", choices=settings.CLIPS)
    parser.add_argument("--precision", choices=["f32", "int8"], default="f32")
    parser.add_argument("--chunks", type=int, nargs="+")
    parser.add_argument("--trial-seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    clip, name = settings.CLIPS[arguments.model], arguments.model
    batch, total = clip.inference_batch, clip.inference_batch * clip.frames
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = arguments.threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL

    def session(part):
        path = arguments.folder / f"{name}.{part}.onnx"
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    frames = numpy.random.default_rng(0).random((total, 3, clip.size, clip.size), numpy.float32)
    frame, sequence = session("frame.qdq" if arguments.precision == "int8" else "frame"), session("sequence")

    def make_step(chunk):
        def step():
            parts = [frame.run(None, {"frames": frames[i:i + chunk]})[0] for i in range(0, total, chunk)]
            return sequence.run(None, {"vectors": numpy.concatenate(parts).reshape(batch, clip.frames, -1)})

        return step

    chunk = measuring.quickest(list(arguments.chunks or clip.chunks), make_step, arguments.trial_seconds)
    seconds = measuring.times(make_step(chunk), arguments.runs, model=name)
    measuring.report(
        peer="onnxruntime", version=onnxruntime.__version__, model=name, mode="inference", precision=arguments.precision,
        clip_frames=total, seconds=seconds, batch=batch, frames=clip.frames, chunk=chunk, threads=arguments.threads)


if __name__ == "__main__":
    main()
