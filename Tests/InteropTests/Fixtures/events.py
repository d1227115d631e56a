"""Writes events.tfevents, records as TensorBoard's own writer makes them, and reads them with its reader.

    pip install tensorboard
    python3 Tests/InteropTests/Fixtures/events.py [FOLDER]

EventFileTests.swift writes the same events and compares the bytes. With FOLDER, which `sora train` has written, prints
what TensorBoard reads of it instead.
"""

import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter


def read(folder):
    accumulator = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    accumulator.Reload()
    return {tag: [(e.step, e.value) for e in accumulator.Scalars(tag)] for tag in accumulator.Tags()["scalars"]}


if len(sys.argv) > 1:
    for tag, points in read(sys.argv[1]).items():
        print(tag, points)
    sys.exit()

TIME = 1764150000.25
path = pathlib.Path(__file__).with_name("events.tfevents")
with open(path, "wb") as file:
    writer = RecordWriter(file)
    for event in [
        Event(wall_time=TIME, file_version="brain.Event:2"),
        Event(wall_time=TIME, step=5, session_log=SessionLog(status=SessionLog.START)),
        Event(wall_time=TIME, step=1, summary=Summary(value=[
            Summary.Value(tag="loss", simple_value=0.75),
            Summary.Value(tag="val_loss", simple_value=1e-3),
        ])),
        Event(wall_time=TIME, step=70000, summary=Summary(value=[Summary.Value(tag="step/loss", simple_value=-2.5)])),
    ]:
        writer.write(event.SerializeToString(deterministic=True))
print(read(path))
