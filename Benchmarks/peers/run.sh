#!/bin/sh
# Times the peers on this machine, one JSON line each; wants an otherwise idle machine (`other_cpu` in each line says how
# much of it other processes had).
#
#   Benchmarks/peers/run.sh VENV_DIR WORK_DIR THREADS inference PRESET f32|bf16|int8 > peers.jsonl
#   Benchmarks/peers/run.sh VENV_DIR WORK_DIR THREADS training PRESET f32|bf16
#   Benchmarks/peers/run.sh VENV_DIR WORK_DIR THREADS files f32|bf16|int8 VIDEO…
#
# WORK_DIR keeps the networks that OpenVINO and ONNX Runtime read. QUICK=1 leaves out all but the most telling. A peer that
# fails, or takes longer than LIMIT seconds (default 400), leaves its error on the standard error and a line with
# `left_out`; the rest goes on. OWN are commands that measure Sora, a line each: they
# run in turn with each peer (measuring.py), and their lines stand before the peer's.
set -u
[ $# -ge 5 ] || { echo "usage: $0 VENV_DIR WORK_DIR THREADS inference|training|files …" >&2; exit 2; }
python=$(cd "$1/bin" && pwd)/python
mkdir -p "$2"
models=$(cd "$2" && pwd)/onnx
threads=$3
mode=$4
shift 4
here=$(cd "$(dirname "$0")" && pwd)
limit=${LIMIT:-400}
runs=${RUNS:-7}
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

# quick: whether all but the most telling is left out.
quick() { [ -n "${QUICK:-}" ]; }
export_network() {
    [ -f "$models/$1.frame.onnx" ] && return
    echo "peers: export.py $1" >&2
    "$python" "$here/export.py" "$models" "$1" >&2 2>"$models.log" || cat "$models.log" >&2
}

inference() {
    preset=$1
    precision=$2
    export_network "$preset"
    measure network_openvino.py "$models" "$preset" --precision "$precision"
    if [ "$precision" = int8 ]; then
        quick && return 0
        measure network_openvino.py "$models" "$preset" --precision int8 --int8-from qdq
        measure network_onnxruntime.py "$models" "$preset" --precision int8
        return
    fi
    measure network_torch.py "$preset" inference --precision "$precision" --compile
    quick && return 0
    measure network_torch.py "$preset" inference --precision "$precision"
    [ "$precision" = f32 ] || return 0
    measure network_onnxruntime.py "$models" "$preset"
    [ "$preset" != article ] || measure network_keras.py article inference --form time-distributed
}

training() {
    preset=$1
    precision=$2
    measure network_torch.py "$preset" training --precision "$precision"
    quick && return 0
    measure network_torch.py "$preset" training --precision "$precision" --compile
    measure network_keras.py "$preset" training --precision "$precision"
    [ "$preset" = article ] || return 0
    measure network_torch.py article training --precision "$precision" --recompute
    [ "$precision" = bf16 ] || measure network_keras.py article training --form time-distributed
}

files() {
    precision=$1
    shift
    export_network resnet18
    for decoder in torchcodec decord pyav; do
        for engine in pytorch openvino; do
            # PyTorch has no kernels for int8 that its own tools for this network would use.
            [ "$precision" = int8 ] && [ $engine = pytorch ] && continue
            measure file_embedding.py "$models" $decoder $engine --precision "$precision" "$@"
        done
    done
}

case $mode in
inference | training | files) "$mode" "$@" ;;
*) echo "peers: no mode $mode" >&2; exit 2 ;;
esac
