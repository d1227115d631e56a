#!/bin/sh
# Makes the Python environment in which the peers are timed and the test fixtures are written.
#
#   Benchmarks/peers/setup.sh VENV_DIR
set -eu
[ $# -eq 1 ] || { echo "usage: $0 VENV_DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$1"
"$1/bin/python" -m pip install --quiet --requirement "$here/requirements.txt"
"$1/bin/python" -c 'import torch; print("torch", torch.__version__)'
