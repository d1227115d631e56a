"""What every measurement agrees on: clips, batches, and the chunks that are tried."""

from dataclasses import dataclass


@dataclass
class Clip:
    frames: int
    size: int
    inference_batch: int = 1
    training_batch: int = 1
    chunks: tuple = (16, 4, 1)  # frames in the network at a time; each divides a batch's frames
    training_chunks: tuple = ()  # none: a whole batch


CLIPS = {
    "article": Clip(100, 224, chunks=(2, 1, 4, 10, 20), training_chunks=(4, 2, 10)),
    "small": Clip(16, 112, inference_batch=4, training_batch=16, chunks=(64, 16)),
    "resnet18": Clip(16, 224, chunks=(16, 8, 1)),
    "resnet50": Clip(16, 224, chunks=(16, 4, 1)),
    "mobilenetv2": Clip(16, 224, chunks=(4, 16, 1)),
}

MEAN = [0.485, 0.456, 0.406]
DEVIATION = [0.229, 0.224, 0.225]
