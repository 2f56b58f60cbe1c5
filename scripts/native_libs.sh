#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Writes FOLDER/native-static-libs: the system libraries that a program needs with the static library FOLDER/libfstview.a.
#
# They are those of Rust's standard library, which an empty crate shows in no time: fstview itself links to none
# (`cargo rustc --release --lib --crate-type staticlib -- --print native-static-libs` says the same after a full build).
set -eu
folder=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
: >"$scratch/empty.rs"
said=$("${RUSTC:-rustc}" --crate-type staticlib --crate-name empty --print native-static-libs \
    -o "$scratch/libempty.a" "$scratch/empty.rs" 2>&1)
libraries=$(sed -n 's/^note: native-static-libs: //p' <<<"$said")
if [ -z "$libraries" ]; then
    echo "native_libs: rustc does not say what the static library needs: $said" >&2
    exit 1
fi
echo "$libraries" >"$folder/native-static-libs"
