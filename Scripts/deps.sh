#!/bin/sh
# Installs the system packages that Sora needs and that are missing: Debian and its kin by apt, macOS by Homebrew.
set -eu

if ! command -v swift >/dev/null 2>&1; then
    echo "deps: Swift 6.2 or newer is needed and 'swift' is not on the PATH: see https://www.swift.org/install" >&2
    exit 1
fi

case "$(uname -s)" in
Darwin)
    command -v brew >/dev/null 2>&1 || { echo "deps: Homebrew is needed: see https://brew.sh" >&2; exit 1; }
    for package in ffmpeg onednn libsvm xgboost faiss openblas sqlite pkg-config; do
        brew list --versions "$package" >/dev/null 2>&1 || brew install "$package"
    done
    ;;
Linux)
    command -v apt-get >/dev/null 2>&1 || {
        echo "deps: no apt-get here; install the development packages of FFmpeg 5+, oneDNN 2.6+, LIBSVM 3.2+, XGBoost 1.7+, FAISS 1.7+, SQLite and the ffmpeg command" >&2
        exit 1
    }
    missing=""
    for package in libavcodec-dev libavformat-dev libavutil-dev libswscale-dev libdnnl-dev \
        libsvm-dev libxgboost-dev libfaiss-dev libopenblas-dev libsqlite3-dev ffmpeg pkg-config; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || missing="$missing $package"
    done
    [ -z "$missing" ] && exit 0
    echo "deps: installing$missing"
    if [ "$(id -u)" -eq 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1; then
        as_root=sudo
    else
        echo "deps: run as root, or install sudo, or install these yourself:$missing" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    # shellcheck disable=SC2086  # a list of words
    $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
    ;;
*)
    echo "deps: $(uname -s) is not supported; Linux and macOS are" >&2
    exit 1
    ;;
esac
