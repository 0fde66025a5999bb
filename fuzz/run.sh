#!/usr/bin/env bash
# Looks for inputs that break what docmill's readers and parsers promise: fuzz/run.sh [--seconds N | --runs N] [--keep] [TARGET…]
# Each target, or each that is named, is given changed inputs for N seconds (10 unless told), or N of them: the same ones each time. An input at which one panics,
# hangs, takes more than 1 GiB, or breaks a promise ends the script with an error that says how to give it again. With --keep, inputs that
# found new ways are added to corpus/.
#
# What libraries read in processes of their own may take more (src/wall.rs): for N seconds, the target goes on then; for N inputs, it ends.
#
# It works with every Rust, since it asks for no sanitizer: docmill's own code is safe Rust. docmill's crates are instrumented, their
# dependencies are not.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=10 runs= keep= targets=()
while (($# > 0)); do
  case $1 in
    --seconds) seconds=$2; shift ;;
    --runs) runs=$2; shift ;;
    --keep) keep=yes ;;
    *) targets+=("$1") ;;
  esac
  shift
done
((${#targets[@]} > 0)) || targets=($(ls fuzz/corpus))

export CARGO_INCREMENTAL=0
RUSTC_WORKSPACE_WRAPPER=$PWD/fuzz/instrumented.sh \
  cargo build --workspace --all-features --locked --quiet --bin docmill-fuzz
walled=33
fuzzer=${CARGO_TARGET_DIR:-$PWD/target}/debug/docmill-fuzz

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p fuzz/artifacts
for target in "${targets[@]}"; do
  export DOCMILL_TARGET=$target TMPDIR=$work
  found=$work/$target log=$work/$target.log
  mkdir "$found"
  limits=(-timeout=20 -rss_limit_mb=2048 -max_len=65536)
  seed=1 walls=0 end=$((SECONDS + seconds))
  while true; do
    bound=-runs=$runs
    [ -n "$runs" ] || bound=-max_total_time=$((end - SECONDS))
    status=0
    "$fuzzer" "${limits[@]}" "$bound" -seed=$seed -artifact_prefix="fuzz/artifacts/$target-" \
      "$found" "fuzz/corpus/$target" > "$log" 2>&1 || status=$?
    ((status == walled)) || break
    seed=$((seed + 1)) walls=$((walls + 1))
    [ -z "$runs" ] && ((SECONDS < end)) || break
  done
  if ((status != 0 && status != walled)); then
    tail -n 40 "$log" >&2
    echo "fuzz: $target broke. Again: DOCMILL_TARGET=$target $fuzzer fuzz/artifacts/$target-…" >&2
    exit 1
  fi
  ended=$(grep '^Done' "$log" || echo "ended by memory")
  printf '%-12s %s%s\n' "$target" "$ended" "$( ((walls == 0)) || echo "; inputs that only processes of their own survive: $walls")"
  [ -z "$keep" ] || "$fuzzer" "${limits[@]}" -merge=1 "fuzz/corpus/$target" "$found" > "$log" 2>&1
done
