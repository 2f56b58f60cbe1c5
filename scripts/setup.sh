#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Installs what the build, the demo and the tests need, or says what to install. Quick when all is there.
set -eu
cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null 2>&1; }

if ! has cargo; then
    echo "setup: cargo is missing; install Rust: https://rustup.rs" >&2
    exit 1
fi

# Commands of the system, and the Debian packages that bring them.
missing=()
need() { has "$1" || missing+=("$2"); }
need cc gcc
need g++ g++
need make make
need cmake cmake
need pkg-config pkgconf
need gfortran gfortran
need mpirun openmpi-bin
need mpifort libopenmpi-dev
need readelf binutils
need valgrind valgrind
need python3 python3
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
        echo "setup: please install: ${missing[*]}" >&2
        if has apt-get; then
            echo "setup:     sudo apt-get update && sudo apt-get install ${missing[*]}" >&2
        fi
        exit 1
    fi
    echo "setup: installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# NumPy, xarray and Dask in .venv, renewed when the requirements change.
if ! .venv/bin/python -c '' 2>/dev/null || ! cmp -s python/requirements.txt .venv/requirements.txt; then
    echo "setup: installing $(grep -v '^ *#' python/requirements.txt | xargs) in .venv"
    python3 -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -r python/requirements.txt
    cp python/requirements.txt .venv/requirements.txt
fi
