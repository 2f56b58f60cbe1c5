#!/usr/bin/env bash
# All checks and tests: the command behind `make test`.
set -eu
cd "$(dirname "$0")/.."

if cargo fmt --version >/dev/null 2>&1; then
    cargo fmt --check
fi
if cargo clippy --version >/dev/null 2>&1; then
    cargo clippy --all-targets -- -D warnings
fi
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run
    cargo test --doc
else
    cargo test
fi
