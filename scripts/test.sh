#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# All tests: the command behind `make test`.
set -eu
cd "$(dirname "$0")/.."

if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --no-fail-fast
    cargo test --doc
else
    cargo test --no-fail-fast
fi
