#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# What the code must look like: the command behind `make lint`. Without rustfmt or clippy there is nothing to check.
set -eu
cd "$(dirname "$0")/.."

if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --all --check
fi
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --all-targets -- -D warnings
fi
