#!/usr/bin/env python3
"""Writes the presets' networks for OpenVINO and ONNX Runtime: float32, and quantised to int8 by each one's own tool.

    python3 export.py DIR [PRESET…]

For each preset: NAME.frame.onnx (any number of frames), NAME.sequence.onnx (one batch of clips' vectors), NAME.frame.nncf.xml
(NNCF's quantisation, for OpenVINO) and NAME.frame.qdq.onnx (ONNX Runtime's). Weights are random and so are the frames that
ranges are taken from: speed does not depend on either. What cannot be quantised is said and left out.
"""

import os
import pathlib
import sys

import numpy

import networks
import settings


def write_onnx(folder, name):
    import torch

    clip, network = settings.CLIPS[name], networks.make(name)
    frame, sequence = networks.fold(network.frame.eval()), network.sequence.eval()
    frames = torch.rand(4, 3, clip.size, clip.size)
    found = torch.rand(clip.inference_batch, clip.frames, network.features)
    torch.onnx.export(
        frame, (frames,), folder / f"{name}.frame.onnx", dynamo=True, external_data=False, verbose=False,
        input_names=["frames"], output_names=["vectors"], dynamic_shapes=({0: torch.export.Dim("count")},))
    torch.onnx.export(
        sequence, (found,), folder / f"{name}.sequence.onnx", dynamo=True, external_data=False, verbose=False,
        input_names=["vectors"], output_names=["embedding", "logits"])


def samples(name, count=8):
    generator, size = numpy.random.default_rng(0), settings.CLIPS[name].size
    return [generator.random((1, 3, size, size), numpy.float32) for _ in range(count)]


def quantise_openvino(folder, name):
    import nncf
    import openvino

    model = openvino.Core().read_model(folder / f"{name}.frame.onnx")
    quantised = nncf.quantize(model, nncf.Dataset(samples(name)), preset=nncf.QuantizationPreset.MIXED)
    openvino.save_model(quantised, folder / f"{name}.frame.nncf.xml", compress_to_fp16=False)


def quantise_onnxruntime(folder, name):
    from onnxruntime import quantization

    class Reader(quantization.CalibrationDataReader):
        rest = iter([{"frames": sample} for sample in samples(name)])

        def get_next(self):
            return next(self.rest, None)

    prepared = folder / f"{name}.prepared.onnx"
    quantization.shape_inference.quant_pre_process(folder / f"{name}.frame.onnx", prepared, skip_symbolic_shape=True)
    quantization.quantize_static(
        prepared, folder / f"{name}.frame.qdq.onnx", Reader(), quant_format=quantization.QuantFormat.QDQ,
        activation_type=quantization.QuantType.QUInt8, weight_type=quantization.QuantType.QInt8, per_channel=True)
    os.remove(prepared)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    status = 0
    for name in sys.argv[2:] or settings.CLIPS:
        for write in (write_onnx, quantise_openvino, quantise_onnxruntime):
            try:
                write(folder, name)
            except Exception as error:  # the rest is still worth measuring
                print(f"export: {write.__name__} of {name} failed: {error}", file=sys.stderr)
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
