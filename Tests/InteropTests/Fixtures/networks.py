"""Runs the exported networks in ONNX Runtime and writes what comes out to networks.json.

    pip install onnx onnxruntime numpy
    SORA_WRITE_FIXTURES=Tests/InteropTests/Fixtures swift test -c release --filter InteropTests.NetworkTests
    python3 Tests/InteropTests/Fixtures/networks.py

The first command writes NAME.onnx for each network of NetworkTests.swift, its weights drawn by the formula below; this
script checks them and runs them on frames drawn by the same formula. The tests then compare the bytes of the export, and
what Sora itself computes with what ONNX Runtime computed.
"""

import json
import pathlib

import numpy as np
import onnx
import onnxruntime

SALT = 77


def mix(x):
    """A number that looks drawn at random, for each of 32 bits: Support/Drawn.swift."""
    x = np.atleast_1d(np.asarray(x, np.uint32))
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def frames(shape):
    index = np.arange(np.prod(shape), dtype=np.uint32)
    return (mix(index ^ mix(SALT)) >> np.uint32(24)).astype(np.uint8).reshape(shape)


here = pathlib.Path(__file__).parent
results = {}
for path in sorted(here.glob("*.onnx")):
    if path.name == "wire.onnx":
        continue
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    shape = [3 if isinstance(size, str) else size for size in session.get_inputs()[0].shape]
    embedding, probabilities = session.run(["embedding", "probabilities"], {"frames": frames(shape)})
    results[path.stem] = {
        "embedding": [[float(x) for x in row] for row in embedding],
        "probabilities": [[float(x) for x in row] for row in probabilities],
    }
    print(path.name, shape, embedding.shape, probabilities.shape)
(here / "networks.json").write_text(json.dumps(results, indent=1) + "\n")
