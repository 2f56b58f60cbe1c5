#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# The main job in three languages: lists the records of a file from C, Fortran and Python, and compares the listings.
set -eu
cd "$(dirname "$0")/.."
file=${1:-tests/data/model.rsf}
release=${CARGO_TARGET_DIR:-target}/release
build=build
mkdir -p "$build"

# Programs ask for the library by its soname.
ln -sf libfstview.so "$release/libfstview.so.1"
link=("-L$release" -lfstview "-Wl,-rpath,$(realpath "$release")")

cc -std=c99 -O2 -Iinclude c/list_records.c "${link[@]}" -lm -o "$build/list_records_c"
gfortran -std=f2018 -O2 -J "$build" -c fortran/fstview.f90 -o "$build/fstview.o"
gfortran -std=f2018 -O2 -J "$build" fortran/list_records.f90 "$build/fstview.o" "${link[@]}" \
    -o "$build/list_records_fortran"

"$build/list_records_c" "$file" >"$build/list_records_c.txt"
"$build/list_records_fortran" "$file" >"$build/list_records_fortran.txt"
PYTHONPATH=python FSTVIEW_LIBRARY="$release/libfstview.so" \
    .venv/bin/python python/list_records.py "$file" >"$build/list_records_python.txt"

cat "$build/list_records_c.txt"
for language in fortran python; do
    if ! cmp -s "$build/list_records_c.txt" "$build/list_records_$language.txt"; then
        echo "the listings from C and $language differ:" >&2
        diff "$build/list_records_c.txt" "$build/list_records_$language.txt" | head -n 20 >&2
        exit 1
    fi
done
echo "C, Fortran and Python agree: $(wc -l <"$build/list_records_c.txt") lines"
