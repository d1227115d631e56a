#!/usr/bin/env python3
"""From files to embeddings: the seconds that each takes from opening to its vector, and peak memory, one JSON line a file.

    python3 file_embedding.py DIR torchcodec|decord|pyav pytorch|openvino FILE… [--precision bf16|int8]

DIR is what export.py wrote (for OpenVINO). 16 frames in the middle of 16 equal parts of the file, stretched to 224x224,
ResNet-18 and a GRU, a vector of length 1. The process is warm: the network is made, compiled and has run. How the decoder
seeks and where frames are scaled are tried for each file, and the quickest is measured; one that seeks by an average rate
may be a frame off.
"""

import argparse
import itertools
import os
import pathlib
import statistics
import sys

import numpy

import measuring
import settings

COUNT, SIZE = settings.CLIPS["resnet18"].frames, settings.CLIPS["resnet18"].size


def middles(count):
    """The frames in the middle of COUNT equal parts of `count` frames."""
    return [min(count - 1, (2 * part + 1) * count // (2 * COUNT)) for part in range(COUNT)]


class TorchCodec:
    """`scaled`: where frames are scaled, by the decoder or by torch."""
    settings = list(itertools.product(["approximate", "exact"], ["decoder", "torch"]))

    def __init__(self, threads):
        import torch
        import torchcodec
        from torchcodec.decoders import VideoDecoder
        from torchcodec.transforms import Resize

        self.name, self.decoder, self.resize, self.threads = f"torchcodec {torchcodec.__version__}", VideoDecoder, Resize, threads
        self.interpolate = torch.nn.functional.interpolate

    def frames(self, path, setting):
        seek_mode, scaled = setting
        transforms = [self.resize((SIZE, SIZE))] if scaled == "decoder" else None
        decoder = self.decoder(
            path, seek_mode=seek_mode, num_ffmpeg_threads=self.threads, dimension_order="NHWC", transforms=transforms)
        frames = decoder.get_frames_at(middles(decoder.metadata.num_frames)).data
        if scaled == "torch":
            channels_first = frames.permute(0, 3, 1, 2)
            frames = self.interpolate(channels_first, (SIZE, SIZE), mode="bilinear", antialias=True).permute(0, 2, 3, 1)
        return frames.numpy()


class Decord:
    settings = ["decoder"]

    def __init__(self, threads):
        import decord

        self.name, self.reader, self.threads = f"decord {decord.__version__}", decord.VideoReader, threads

    def frames(self, path, setting):
        reader = self.reader(path, width=SIZE, height=SIZE, num_threads=self.threads)
        return reader.get_batch(middles(len(reader))).asnumpy()


class PyAV:
    """Reads through the file, or seeks to the key frame before each frame; FFmpeg's scaler makes the small image."""
    settings = list(itertools.product(["through", "seeking"], ["FRAME", "AUTO"]))

    def __init__(self, threads):
        import av

        self.name, self.av, self.threads = f"pyav {av.__version__}", av, threads

    def frames(self, path, setting):
        way, thread_type = setting
        with self.av.open(path) as container:
            stream = container.streams.video[0]
            stream.thread_type, stream.codec_context.thread_count = thread_type, self.threads
            rate = stream.average_rate
            count = stream.frames or int(container.duration / self.av.time_base * rate)
            found = self.seek(container, stream, count, rate) if way == "seeking" else self.through(container, stream, count)
            images = [frame.to_ndarray(format="rgb24", width=SIZE, height=SIZE) for frame in found]
        if len(images) != COUNT:
            raise ValueError(f"{len(images)} frames of {COUNT}")
        return numpy.stack(images)

    @staticmethod
    def through(container, stream, count):
        wanted = set(middles(count))
        return [frame for index, frame in zip(range(max(wanted) + 1), container.decode(stream)) if index in wanted]

    @staticmethod
    def seek(container, stream, count, rate):
        start = stream.start_time or 0
        for index in middles(count):
            time = start + int(index / rate / stream.time_base)
            container.seek(time, stream=stream)
            yield next(frame for frame in container.decode(stream) if frame.pts is not None and frame.pts >= time)


def make_pytorch(folder, precision, threads):
    """A compiled network, which folds batch norm and lays the weights out once."""
    import torch
    from torch._inductor import config

    import networks

    torch.set_num_threads(threads)
    config.freezing = True
    network, half = networks.make("resnet18"), precision == "bf16"
    kind = torch.bfloat16 if half else torch.float32
    frame = networks.fold(network.frame.eval()).to(kind, memory_format=torch.channels_last)
    sequence = network.sequence.eval().to(kind)
    scale = (1 / (255 * torch.tensor(settings.DEVIATION))).reshape(1, 3, 1, 1)
    shift = (-torch.tensor(settings.MEAN) / torch.tensor(settings.DEVIATION)).reshape(1, 3, 1, 1)

    @torch.compile(dynamic=False)
    def vectors(frames):
        return frame((frames.permute(0, 3, 1, 2) * scale + shift).to(kind))

    @torch.no_grad()
    def run(frames):
        return sequence(vectors(torch.from_numpy(frames)).unsqueeze(0))[0].float().numpy()

    return f"pytorch-compiled {torch.__version__}", run


def make_openvino(folder, precision, threads):
    """The whole in OpenVINO: it takes bytes, channels last, and scales them itself. The quicker of chunks is chosen."""
    import openvino
    from openvino.preprocess import PrePostProcessor

    from network_openvino import ClipRunner

    core, kind = openvino.Core(), ".nncf.xml" if precision == "int8" else ".onnx"

    def make(setting):
        hint, chunk = setting
        steps = PrePostProcessor(core.read_model(folder / f"resnet18.frame{kind}"))
        steps.input().tensor().set_element_type(openvino.Type.u8).set_layout(openvino.Layout("NHWC"))
        steps.input().model().set_layout(openvino.Layout("NCHW"))
        steps.input().preprocess().convert_element_type(openvino.Type.f32).mean([255 * m for m in settings.MEAN]).scale(
            [255 * d for d in settings.DEVIATION])
        sequence = core.read_model(folder / "resnet18.sequence.onnx")
        return ClipRunner(core, steps.build(), sequence, chunk, threads, precision, hint)

    def step(setting):
        run, frames = make(setting), numpy.zeros((COUNT, SIZE, SIZE, 3), numpy.uint8)
        return lambda: run(frames)

    candidates = list(itertools.product(["LATENCY", "THROUGHPUT"], settings.CLIPS["resnet18"].chunks))
    return f"openvino {openvino.__version__.split('-')[0]}", make(measuring.quickest(candidates, step))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("decoder", choices=["torchcodec", "decord", "pyav"])
    parser.add_argument("engine", choices=["pytorch", "openvino"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--precision", choices=["f32", "bf16", "int8"], default="f32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    if arguments.precision == "int8" and arguments.engine != "openvino":
        parser.error("int8 is OpenVINO's alone here")
    decoder = {"torchcodec": TorchCodec, "decord": Decord, "pyav": PyAV}[arguments.decoder](arguments.threads)
    make = {"pytorch": make_pytorch, "openvino": make_openvino}[arguments.engine]
    engine, run = make(arguments.folder, arguments.precision, arguments.threads)
    run(numpy.zeros((COUNT, SIZE, SIZE, 3), numpy.uint8))
    failed = 0
    for path in arguments.files:
        fields = dict(
            peer=f"{arguments.decoder}+{arguments.engine}", version=f"{decoder.name}, {engine}", model="resnet18",
            mode="file", precision=arguments.precision, file=os.path.basename(path), frames=COUNT, threads=arguments.threads)
        try:
            setting = measuring.quickest(decoder.settings, lambda setting: lambda: decoder.frames(path, setting), 20)
            measuring.restart_peak()
            times = measuring.times(lambda: run(decoder.frames(path, setting)), arguments.runs, warm_up=1, file=path)
            vector = run(decoder.frames(path, setting))
            assert abs(numpy.linalg.norm(vector) - 1) < 1e-2, "the vector's length is not 1"
        except Exception as error:  # the other files are still worth measuring
            print(f"file_embedding: {arguments.decoder} on {path}: {error}", file=sys.stderr)
            failed = 1
            continue
        form = "+".join([setting] if isinstance(setting, str) else setting)
        measuring.report(
            clip_frames=COUNT, seconds=times, median_seconds=round(statistics.median(times), 5), form=form, **fields)
    return failed


if __name__ == "__main__":
    sys.exit(main())
