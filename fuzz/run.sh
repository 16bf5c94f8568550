#!/usr/bin/env bash
# Builds every target and runs each for so many seconds; stops at the first that fails.
# Usage: run.sh SECONDS [TARGET...]
set -euo pipefail
seconds=${1:?how many seconds for each target}
shift
cd "$(dirname "$0")"

host=x86_64-unknown-linux-gnu
coverage="-Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do
  coverage+=" -Cllvm-args=-sanitizer-coverage-$option"
done
# The versions of the main crate, and a toolchain that is not a nightly one.
cp ../Cargo.lock Cargo.lock
RUSTC_BOOTSTRAP=1 RUSTFLAGS="--cfg fuzzing $coverage -Zsanitizer=address" \
  cargo build --release --target "$host"

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
python3 seeds.py "$seeds"
mkdir -p artifacts
if [ $# = 0 ]; then
  set -- $(sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | tail -n +2)
fi
for target in "$@"; do
  echo "== $target"
  # Leaks are left out: a library that keeps a table for good is none of our concern.
  ASAN_OPTIONS=detect_leaks=0 "${CARGO_TARGET_DIR:-target}/$host/release/$target" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=1024 \
    -print_final_stats=1 -verbosity=0 -print_funcs=0 -artifact_prefix="artifacts/$target-" "$seeds/$target"
done
