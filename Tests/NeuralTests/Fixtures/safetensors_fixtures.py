"""Writes safetensors-*.safetensors and safetensors-values.json with the format's own library.

    pip install safetensors==0.8.0 numpy && python safetensors_fixtures.py
"""

import json
import os

import numpy as np
from safetensors import TensorSpec, serialize
from safetensors.numpy import load_file, save_file

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)


def path(name):
    return os.path.join(here, f"safetensors-{name}.safetensors")


# The three element types that are kept, unequal axes, a scalar, an empty tensor, names that need escapes.
kept = {
    "conv1.weight": rng.standard_normal((2, 3, 4, 5)).astype(np.float32),
    "conv1.bias": rng.standard_normal(2).astype(np.float32),
    "scalar": np.array(-1.5, dtype=np.float32),
    "empty": np.zeros((3, 0, 2), dtype=np.float32),
    'odd "name"\\ \té\U0001f3ac': np.array([1, 2, 3], dtype=np.int32),
    "labels": np.array([[1, -2147483648, 2147483647]], dtype=np.int32),
    "frame": rng.integers(0, 256, (2, 3, 3), dtype=np.uint8),
}
save_file(kept, path("kept"), metadata={"note": 'line\nquote" \x01 é'})
save_file({"only": kept["conv1.bias"]}, path("plain"))

# Types that are converted; bfloat16 is not NumPy's, so its bits are given.
halves = np.array(
    [0.0, -0.0, 1.0, -2.5, 65504.0, 6.104e-05, 5.96e-08, -3e-06, np.inf, -np.inf, 0.1], dtype=np.float16
)
brain = (rng.standard_normal(5).astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
doubles = np.array([0.1, -1e-300, 3.4e38, np.inf, 1 / 3], dtype=np.float64)
longs = np.array([0, -7, 2147483647, -2147483648], dtype=np.int64)
converted = {
    "half": ("float16", halves),
    "brain": ("bfloat16", brain),
    "double": ("float64", doubles),
    "long": ("int64", longs),
}
specs = {
    name: TensorSpec(dtype=kind, shape=list(v.shape), data_ptr=v.ctypes.data, data_len=v.nbytes)
    for name, (kind, v) in converted.items()
}
with open(path("converted"), "wb") as file:
    file.write(serialize(specs))
save_file({"n": np.array([1, 2147483648], dtype=np.int64)}, path("long-overflow"))
save_file({"x": np.array([1e39], dtype=np.float64)}, path("double-overflow"))


def bits(array):
    return array.astype(np.float32).reshape(-1).view(np.uint32).tolist()


values = {
    "floatBits": {
        **{k: bits(v) for k, v in kept.items() if v.dtype == np.float32},
        "half": bits(halves),
        "brain": (brain.astype(np.uint32) << 16).tolist(),
        "double": bits(doubles),
    },
    "integers": {
        **{k: v.reshape(-1).tolist() for k, v in kept.items() if v.dtype != np.float32},
        "long": longs.tolist(),
    },
    "shapes": {k: list(v.shape) for k, v in kept.items()},
}
with open(os.path.join(here, "safetensors-values.json"), "w") as file:
    json.dump(values, file, ensure_ascii=False, indent=1)
assert set(load_file(path("kept"))) == set(kept)
for name in os.listdir(here):
    if name.endswith(".safetensors"):
        os.chmod(os.path.join(here, name), 0o644)
