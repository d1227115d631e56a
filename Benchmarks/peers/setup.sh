#!/bin/sh
# Makes the Python environment in which the peers are timed and the test fixtures are written: 8 GB, since PyTorch's package
# on PyPI brings CUDA's. torchcodec uses the system's FFmpeg libraries (4 to 8), which Sora needs as well; decord and PyAV
# bring their own.
#
#   Benchmarks/peers/setup.sh VENV_DIR
set -eu
[ $# -eq 1 ] || { echo "usage: $0 VENV_DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$1"
"$1/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
"$1/bin/python" - <<'PYTHON'
import importlib
for name in ("torch", "torchcodec", "decord", "av", "openvino", "nncf", "onnxruntime"):
    try:
        print(name, importlib.import_module(name).__version__)
    except Exception as error:  # the others can still be measured
        print(f"{name} does not load: {error}")
PYTHON
