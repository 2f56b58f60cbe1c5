#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# AddressSanitizer on the Rust side: the library and the tests that feed it damaged input are compiled with the
# instrumentation, the standard library is not. RUSTC_BOOTSTRAP=1 opens the flag in a stable compiler. Takes minutes; in
# `make test` the same tests run without it. The programs in C run under AddressSanitizer, UBSan and valgrind in `make test`.
#     scripts/asan.sh [CASES]      mutations of each golden file in tests/hostile.rs
set -eu
cd "$(dirname "$0")/.."

cases=${1:-300}
export RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address" CARGO_TARGET_DIR=target/asan
export FSTVIEW_HOSTILE_CASES=$cases
# Requests of terabytes are refused, as they are without the sanitizer.
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1
target=x86_64-unknown-linux-gnu
cargo test --target "$target" --lib
cargo test --target "$target" --test hostile --test fuzz --test malformed --test views --test index --test search --test grid -- --nocapture
