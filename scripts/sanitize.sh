#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The storm of tests/c/storm.c with AddressSanitizer in the library as well as in the program: the command behind
# `make sanitize`. Seconds (60) and threads (16) may be given.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-60}
threads=${2:-16}
target=$(rustc -vV | sed -n 's/^host: //p')
build=target/sanitize/address
library=$build/$target/debug

# The option is not stable: RUSTC_BOOTSTRAP opens it in a stable compiler. A target of its own, so that build scripts
# are compiled without it.
RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=address -Cdebuginfo=1 -Copt-level=1" \
    cargo build --lib --target "$target" --target-dir "$build"
ln -sf libfstview.so "$library/libfstview.so.1"

# The program brings the runtime, which the library leaves undefined.
cc -std=c99 -g -O1 -fsanitize=address -Iinclude -Itests/c tests/c/storm.c -L"$library" -lfstview -lpthread -lm \
    -o "$build/storm"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
STORM_COUNT=1 LD_LIBRARY_PATH=$library "$build/storm" tests/data "$scratch" "$threads" "$seconds"
echo "AddressSanitizer: $threads threads, $seconds seconds, nothing found"
