#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The storm of tests/c/storm.c with a sanitizer in the library as well as in the program, AddressSanitizer and then
# ThreadSanitizer: the command behind `make sanitize`. Seconds (60) and threads (16) may be given.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-60}
threads=${2:-16}
host=$(rustc -vV | sed -n 's/^host: //p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The options are not stable: RUSTC_BOOTSTRAP opens them in a stable compiler. A target of its own, so that build scripts
# are compiled without them.
library() {
    build=target/sanitize/$1
    folder=$build/$host/debug
    RUSTC_BOOTSTRAP=1 RUSTFLAGS="-Zsanitizer=$1 -Cdebuginfo=1 -Copt-level=1 ${2:-}" \
        cargo build --lib --target "$host" --target-dir "$build"
    ln -sf libfstview.so "$folder/libfstview.so.1"
    cc -std=c99 -g -O1 "-fsanitize=$1" -Iinclude -Itests/c -c tests/c/storm.c -o "$build/storm.o"
}

storm() {
    STORM_COUNT=1 LD_LIBRARY_PATH=$folder "$build/storm" tests/data "$scratch" "$threads" "$seconds"
}

# The program brings the runtime, which the library leaves undefined.
library address
cc -fsanitize=address "$build/storm.o" -L"$folder" -lfstview -lpthread -lm -o "$build/storm"
storm
echo "AddressSanitizer: $threads threads, $seconds seconds, nothing found"

# The runtime is Rust's: GCC's may be older than what the compiler of the library asks for.
library thread "-Cunsafe-allow-abi-mismatch=sanitizer --cfg fstview_tsan"
runtime=$(rustc --print sysroot)/lib/rustlib/$host/lib/librustc-stable_rt.tsan.a
cc "$build/storm.o" -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive -rdynamic -L"$folder" -lfstview \
    -lpthread -ldl -lrt -lm -o "$build/storm"
TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp ${TSAN_OPTIONS:-}" storm
echo "ThreadSanitizer: $threads threads, $seconds seconds, nothing found"
