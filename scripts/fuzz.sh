#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
# Runs the fuzz targets (all, or those that are named) with libFuzzer, each for that many seconds on one core:
#     scripts/fuzz.sh SECONDS [TARGET…]
# Starts from the golden files cut to size and goes on from where the last run ended (fuzz/corpus). An input that makes a
# target fail is kept in fuzz/regressions/TARGET, where `make test` replays it. The coverage instrumentation needs unstable
# flags of the compiler, which RUSTC_BOOTSTRAP=1 opens in a stable one.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:?"usage: scripts/fuzz.sh SECONDS [TARGET…]"}
shift
[ $# -gt 0 ] || set -- xdf rsf codec turbo metadata abi

if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "fuzz: installing cargo-fuzz in target/tools"
    cargo install --quiet --locked --root target/tools cargo-fuzz
    export PATH="$PWD/target/tools/bin:$PATH"
fi
cargo test --quiet --test fuzz write_the_seeds -- --ignored >/dev/null
RUSTC_BOOTSTRAP=1 cargo fuzz build

failed=0
for target in "$@"; do
    log=target/fuzz-$target.log
    if ! RUSTC_BOOTSTRAP=1 cargo fuzz run "$target" -- -max_len=32768 -timeout=10 -rss_limit_mb=3000 \
        -max_total_time="$seconds" -print_final_stats=1 >"$log" 2>&1; then
        failed=1
        mkdir -p "fuzz/regressions/$target"
        find "fuzz/artifacts/$target" -type f -exec cp {} "fuzz/regressions/$target/" \;
        echo "fuzz: $target fails: see $log; the input is in fuzz/regressions/$target"
    fi
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    echo "fuzz: $target: ${executed:-?} executions, ${covered:-?} edges covered"
done
exit $failed
