#!/bin/sh
# Times every peer on this machine, one JSON line each; takes some minutes, and wants an otherwise idle machine
# (`other_cpu` in each line says how much of it other processes had).
#
#   Benchmarks/peers/run.sh VENV_DIR [THREADS] > peers.jsonl
#
# QUICK=1 leaves out all but the most telling.
set -u
[ $# -ge 1 ] || { echo "usage: $0 VENV_DIR [THREADS]" >&2; exit 2; }
python=$(cd "$1/bin" && pwd)/python
threads=${2:-2}
cd "$(dirname "$0")" || exit 1
status=0
measure() { "$python" "$@" --threads "$threads" || status=1; }
if [ -n "${QUICK:-}" ]; then
    measure article_torch.py inference
    measure article_torch.py training
    measure article_keras.py inference
    measure resnet18_torch.py inference --compile
    exit $status
fi
measure article_torch.py inference
measure article_torch.py inference --compile
measure article_torch.py training
measure article_torch.py training --recompute
measure article_torch.py training --recompute --batch 2
measure article_keras.py inference
measure article_keras.py inference --form merged
measure article_keras.py training --frames 10
measure article_keras.py training --form merged
measure article_keras.py training
measure resnet18_torch.py inference
measure resnet18_torch.py inference --compile
measure resnet18_torch.py training
measure resnet18_torch.py training --compile
exit $status
