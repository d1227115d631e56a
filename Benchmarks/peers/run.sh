#!/bin/sh
# Times every peer on this machine, one JSON line each; wants an otherwise idle machine (`other_cpu` in each line says how
# much of it other processes had).
#
#   Benchmarks/peers/run.sh VENV_DIR WORK_DIR THREADS [VIDEO…] > peers.jsonl
#
# QUICK=1 leaves out all but the most telling. A peer that fails, or takes longer than LIMIT seconds (default 150), leaves
# its error on the standard error and a line with `left_out`; the rest goes on.
set -u
[ $# -ge 3 ] || { echo "usage: $0 VENV_DIR WORK_DIR THREADS [VIDEO…]" >&2; exit 2; }
python=$(cd "$1/bin" && pwd)/python
mkdir -p "$2"
models=$(cd "$2" && pwd)/onnx
threads=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
limit=${LIMIT:-150}
runs=${RUNS:-5}
export CUDA_VISIBLE_DEVICES=
# Peers at their best: glibc else hands large blocks back at once, and PyTorch spends half of its time on taking pages anew.
export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592

within() {
    if command -v timeout >/dev/null 2>&1; then timeout "$limit" "$@"; else "$@"; fi
}
measure() {
    echo "peers: $*" >&2
    script=$1
    shift
    within "$python" "$here/$script" "$@" --threads "$threads" --runs "$runs" || {
        status=$?
        echo "peers: $script $* stopped with $status (124: no time left)" >&2
        echo "$script $*: status $status" | sed -E "s|$models ||; s|/[^ ]*/||g; s|.*|{\"left_out\": \"&\"}|" | tr -d '\\'
    }
}

if [ -n "${QUICK:-}" ]; then
    presets="article resnet18"
else
    presets="article small resnet18 resnet50 mobilenetv2"
fi
echo "peers: export.py" >&2
# shellcheck disable=SC2086 # names of presets, without spaces
"$python" "$here/export.py" "$models" $presets >&2 2>"$models.log" || cat "$models.log" >&2

for preset in $presets; do
    for precision in f32 bf16; do
        [ -n "${QUICK:-}" ] || measure network_torch.py "$preset" inference --precision $precision
        measure network_torch.py "$preset" inference --precision $precision --compile
        measure network_openvino.py "$models" "$preset" --precision $precision
    done
    measure network_openvino.py "$models" "$preset" --precision int8
    [ -n "${QUICK:-}" ] && continue
    measure network_openvino.py "$models" "$preset" --precision int8 --int8-from qdq
    measure network_onnxruntime.py "$models" "$preset"
    measure network_onnxruntime.py "$models" "$preset" --precision int8
done

for precision in f32 bf16; do
    measure network_torch.py article training --precision $precision
    [ -n "${QUICK:-}" ] && continue
    measure network_torch.py article training --precision $precision --recompute
    measure network_torch.py article training --precision $precision --compile
    for preset in small resnet18; do
        measure network_torch.py $preset training --precision $precision
        measure network_torch.py $preset training --precision $precision --compile
    done
    for preset in article small resnet18; do
        measure network_keras.py $preset training --precision $precision
    done
done
if [ -z "${QUICK:-}" ]; then
    measure network_keras.py article inference --form time-distributed
    measure network_keras.py article training --form time-distributed
fi

[ $# -gt 0 ] || exit 0
[ -n "${QUICK:-}" ] && precisions=bf16 || precisions="f32 bf16"
for precision in $precisions; do
    for decoder in torchcodec decord pyav; do
        for engine in pytorch openvino; do
            measure file_embedding.py "$models" $decoder $engine --precision $precision "$@"
        done
    done
done
