#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Installs what has been built, or takes it away again: the command behind `make install` and `make uninstall`.
#
#     install.sh install | uninstall
#
# The places come from the environment, by the names that GNU's conventions give them; see the Makefile. What is written is
# listed in DATADIR/fstview/installed, and uninstalling removes what that list names: files, then directories that the
# installation made, if they are empty.
set -eu
cd "$(dirname "$0")/.."

action=${1:-}
PREFIX=${PREFIX:-/usr/local}
DESTDIR=${DESTDIR:-}
BINDIR=${BINDIR:-$PREFIX/bin}
LIBDIR=${LIBDIR:-$PREFIX/lib}
INCLUDEDIR=${INCLUDEDIR:-$PREFIX/include}
DATADIR=${DATADIR:-$PREFIX/share}
MANDIR=${MANDIR:-$DATADIR/man}
PKGCONFIGDIR=${PKGCONFIGDIR:-$LIBDIR/pkgconfig}
CMAKEDIR=${CMAKEDIR:-$LIBDIR/cmake/fstview}
PYTHONDIR=${PYTHONDIR:-$LIBDIR/python3/site-packages}
BUILT=${BUILT:-${CARGO_TARGET_DIR:-target}/release}

fail() { echo "$action: $*" >&2; exit 1; }

for name in PREFIX BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR PKGCONFIGDIR CMAKEDIR PYTHONDIR; do
    case ${!name} in
    *$'\n'*) fail "$name has more than one line" ;;
    /*) ;;
    *) fail "$name must be an absolute path, not '${!name}'" ;;
    esac
done

list=$DATADIR/fstview/installed

uninstall() {
    [ -f "$DESTDIR$list" ] || return 1
    local kind path directories=()
    while read -r kind path; do
        case $kind in
        file) rm -f -- "$DESTDIR$path" ;;
        directory) directories=("$path" "${directories[@]}") ;;
        esac
    done <"$DESTDIR$list"
    # What Python has compiled.
    rm -f -- "$DESTDIR$PYTHONDIR"/__pycache__/fstview{,_xarray}.*.pyc
    rmdir -- "$DESTDIR$PYTHONDIR/__pycache__" 2>/dev/null || true
    rm -f -- "$DESTDIR$list"
    for path in "${directories[@]}"; do
        rmdir -- "$DESTDIR$path" 2>/dev/null || true
    done
}

# Makes a directory and those above it, and remembers which were not there.
written=()
directory() {
    local path=$1 fresh=()
    while [ ! -d "$DESTDIR$path" ] && [ "$path" != / ]; do
        fresh=("directory $path" "${fresh[@]}")
        path=$(dirname "$path")
    done
    mkdir -p -- "$DESTDIR$1"
    written+=("${fresh[@]}")
}

# put MODE SOURCE TARGET
put() {
    directory "$(dirname "$3")"
    install -m "$1" -- "$2" "$DESTDIR$3"
    written+=("file $3")
}

# link TEXT TARGET
link() {
    directory "$(dirname "$2")"
    ln -sfn -- "$1" "$DESTDIR$2"
    written+=("file $2")
}

# The way from one directory to another.
from_to() { realpath -m -s --relative-to="$1" -- "$2"; }

# fill SOURCE TARGET: with the places in it.
fill() {
    local text name
    text=$(cat -- "$1")
    for name in VERSION ABI PREFIX LIBDIR INCLUDEDIR DATADIR NATIVE LIBDIR_FROM_CMAKEDIR INCLUDEDIR_FROM_CMAKEDIR \
        DATADIR_FROM_CMAKEDIR; do
        text=${text//@$name@/"${!name}"}
    done
    printf '%s\n' "$text" >"$scratch/filled"
    put 644 "$scratch/filled" "$2"
}

install_all() {
    local file
    for file in libfstview.so libfstview.a fstview; do
        [ -f "$BUILT/$file" ] || fail "$BUILT/$file is missing: run \"make\" first"
    done
    [ -f "$BUILT/native-static-libs" ] || scripts/native_libs.sh "$BUILT"
    VERSION=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
    ABI=$(sed -n 's/^#define FST_ABI_VERSION \([0-9]*\)$/\1/p' include/fstview.h)
    NATIVE=$(cat "$BUILT/native-static-libs")
    LIBDIR_FROM_CMAKEDIR=$(from_to "$CMAKEDIR" "$LIBDIR")
    INCLUDEDIR_FROM_CMAKEDIR=$(from_to "$CMAKEDIR" "$INCLUDEDIR")
    DATADIR_FROM_CMAKEDIR=$(from_to "$CMAKEDIR" "$DATADIR")
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT

    # An older version goes first, with files that this one may not have.
    uninstall || true

    # A new file rather than an old one with new contents: programs may be running with it.
    put 755 "$BUILT/libfstview.so" "$LIBDIR/libfstview.so.$VERSION"
    link "libfstview.so.$VERSION" "$LIBDIR/libfstview.so.$ABI"
    link "libfstview.so.$ABI" "$LIBDIR/libfstview.so"
    put 644 "$BUILT/libfstview.a" "$LIBDIR/libfstview.a"
    put 644 include/fstview.h "$INCLUDEDIR/fstview.h"
    put 755 "$BUILT/fstview" "$BINDIR/fstview"

    fill packaging/fstview.pc.in "$PKGCONFIGDIR/fstview.pc"
    fill packaging/fstviewConfig.cmake.in "$CMAKEDIR/fstviewConfig.cmake"
    fill packaging/fstviewConfigVersion.cmake.in "$CMAKEDIR/fstviewConfigVersion.cmake"

    put 644 fpm.toml "$DATADIR/fstview/fpm.toml"
    put 644 fortran/fstview.f90 "$DATADIR/fstview/fortran/fstview.f90"
    fill packaging/fstview.mk.in "$DATADIR/fstview/fortran/fstview.mk"

    put 644 python/fstview.py "$PYTHONDIR/fstview.py"
    put 644 python/fstview_xarray.py "$PYTHONDIR/fstview_xarray.py"
    # How xarray finds its engine.
    printf 'Metadata-Version: 2.1\nName: fstview\nVersion: %s\n' "$VERSION" >"$scratch/METADATA"
    printf '[xarray.backends]\nfstview = fstview_xarray:FstviewBackend\n' >"$scratch/entry_points.txt"
    for file in METADATA entry_points.txt; do
        put 644 "$scratch/$file" "$PYTHONDIR/fstview-$VERSION.dist-info/$file"
    done
    # The module looks beside itself.
    link "$(from_to "$PYTHONDIR" "$LIBDIR")/libfstview.so.$ABI" "$PYTHONDIR/libfstview.so.$ABI"

    for file in man/*.[13]; do
        put 644 "$file" "$MANDIR/man${file##*.}/${file##*/}"
    done
    put 644 LICENSE-MIT "$DATADIR/doc/fstview/LICENSE-MIT"
    put 644 LICENSE-APACHE "$DATADIR/doc/fstview/LICENSE-APACHE"

    directory "$DATADIR/fstview"
    printf '%s\n' "${written[@]}" >"$DESTDIR$list"
    echo "installed fstview $VERSION in $DESTDIR$PREFIX"
}

case $action in
install) install_all ;;
uninstall)
    uninstall || fail "nothing is installed in $DESTDIR$PREFIX (there is no $DESTDIR$list)"
    echo "uninstalled fstview from $DESTDIR$PREFIX"
    ;;
*)
    echo "usage: install.sh install | uninstall" >&2
    exit 2
    ;;
esac
