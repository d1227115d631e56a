#!/bin/sh
# Unpacks oneDNN 3.2 (from its Python packages) to PREFIX/include and PREFIX/lib, to build against it:
#   Scripts/onednn3.sh .onednn3
#   SORA_ONEDNN_PREFIX="$PWD/.onednn3" swift build --scratch-path .build-onednn3
set -eu

prefix=${1:?usage: Scripts/onednn3.sh PREFIX}
version=2023.2.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" download --quiet --no-deps --dest "$work" \
    "onednn-devel-cpu-gomp==$version" "onednn-cpu-gomp==$version"
mkdir -p "$prefix"
for wheel in "$work"/*.whl; do
    python3 -m zipfile -e "$wheel" "$work/unpacked"
done
for part in include lib; do
    mkdir -p "$prefix/$part"
    cp -R "$work"/unpacked/*.data/data/"$part"/. "$prefix/$part/"
done
echo "oneDNN 3.2 is in $prefix"
