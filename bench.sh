#!/usr/bin/env bash
# Measures the built-in pipeline: ./bench.sh [DOCUMENTS] [--peer] [--million]
# Prints documents per CPU-second (user and system, all threads), peak memory and CPU-seconds for N, 2N and 4N documents, what
# a second run costs, what two cores gain over one, and where the time goes by part. With --peer it installs xberg from PyPI into
# a temporary environment and measures it beside docmill. With --million it takes up to a million rows of one file of 2 GB through
# normalizers, language and exact duplicates, which needs 6 GB of room in the folder for temporary files.
set -euo pipefail
cd "$(dirname "$0")"
documents=2000 peer= million=
for argument; do
  case $argument in
    --peer) peer=yes ;;
    --million) million=yes ;;
    *) documents=$argument ;;
  esac
done
work=$(mktemp -d)
trap 'status=$?; [ "$status" = 0 ] || cat "$work/log" >&2; rm -rf "$work"' EXIT
: >"$work/log"

cargo build --profile dist --locked --quiet --package docmill-cli --package docmill-tests --bin docmill --bin docmill-corpus
release=${CARGO_TARGET_DIR:-target}/dist
for times in 1 2 4; do
  "$release/docmill-corpus" "$work/corpus$times" $((documents * times))
done

# Runs a command three times and prints the least CPU-seconds.
cpu() {
  local TIMEFORMAT='%U %S' round
  for round in 1 2 3; do
    { time "$@" >"$work/log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'
  done | sort -n | head -n 1
}
row() { printf '%-28s %10s %14s\n' "$@"; }
rate() { awk -v documents="$1" -v cpu="$2" 'BEGIN { printf "%.0f", documents / cpu }'; }

count_words() { find "$work/corpus1" -type f -print0 | xargs -0 wc -w; }
row "over $documents documents" "CPU-s" "docs/CPU-s"
seconds=$(cpu count_words)
row "wc -w" "$seconds" "$(rate "$documents" "$seconds")"
export DOCMILL_CACHE=off
seconds=$(cpu "$release/docmill" run "$work/corpus1" -o "$work/out" --quiet)
row "docmill" "$seconds" "$(rate "$documents" "$seconds")"
if [ "$peer" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check xberg
  seconds=$(cpu "$work/venv/bin/python" tests/peers/run_xberg.py "$work/corpus1" "$work/xberg.jsonl")
  row "xberg" "$seconds" "$(rate "$documents" "$seconds")"
fi

# The most that the process held, over three runs.
peak() {
  local round
  for round in 1 2 3; do
    "$release/docmill" run "$1" -o "$work/out" --quiet
    sed -n 's/^ *"peak_memory": \([0-9]*\),$/\1/p' "$work/out/manifest.json"
  done | sort -n | tail -n 1
}
printf '\n%-28s %10s %14s\n' "documents" "peak MB" "CPU-us/doc"
for times in 1 2 4; do
  seconds=$(cpu "$release/docmill" run "$work/corpus$times" -o "$work/out" --quiet)
  each=$(awk -v documents=$((documents * times)) -v cpu="$seconds" 'BEGIN { printf "%.0f", cpu / documents * 1000000 }')
  row $((documents * times)) $(($(peak "$work/corpus$times") / 1000000)) "$each"
done

# One run's CPU-seconds: user and system.
once() { local TIMEFORMAT='%U %S'; { time "$@" >"$work/log" 2>&1; } 2>&1 | awk '{ print $1 + $2 }'; }
cached() { once "$release/docmill" run "$work/corpus4" -o "$work/cached" --cache "$work/cache" --quiet "$@"; }
printf '\n%-28s %10s %14s\n' "$((documents * 4)) documents, cached" "CPU-s" "of the first"
first=$(cached)
share() { awk -v first="$first" -v cpu="$1" 'BEGIN { printf "%.1f%%", cpu / first * 100 }'; }
row "first run" "$first" "100%"
seconds=$(cached) && row "nothing changed" "$seconds" "$(share "$seconds")"
echo "One more sentence." >>"$(find "$work/corpus4" -name '*.txt' | sort | head -n 1)"
seconds=$(cached) && row "one document changed" "$seconds" "$(share "$seconds")"
seconds=$(cached --set sentences=4) && row "options of the last stage" "$seconds" "$(share "$seconds")"

# The least seconds of three runs.
elapsed() {
  local TIMEFORMAT='%R' round
  for round in 1 2 3; do { time "$@" >"$work/log" 2>&1; } 2>&1; done | sort -n | head -n 1
}
printf '\n%-28s %10s %14s\n' "$((documents * 4)) documents" "seconds" "speed-up"
one=$(elapsed "$release/docmill" run "$work/corpus4" -o "$work/out" --quiet --workers 1)
two=$(elapsed "$release/docmill" run "$work/corpus4" -o "$work/out" --quiet --workers 2)
row "one worker" "$one" "1.00"
row "two workers" "$two" "$(awk -v one="$one" -v two="$two" 'BEGIN { printf "%.2f", one / two }')"
# One worker still has the threads that read and write beside it: a core is less.
core=$(elapsed taskset --cpu-list 0 "$release/docmill" run "$work/corpus4" -o "$work/out" --quiet)
row "one core" "$core" "1.00"
row "two cores" "$two" "$(awk -v one="$core" -v two="$two" 'BEGIN { printf "%.2f", one / two }')"

if [ "$million" ]; then
  cat >"$work/rows.yaml" <<YAML
version: 1
name: rows
input: ["$work/rows.jsonl"]
stages: [ingest.jsonl, normalize, tag.language, dedup.exact]
output: [jsonl: documents.jsonl]
YAML
  printf '\n%-28s %10s %14s\n' "rows of one file" "peak MB" "CPU-us/row"
  for rows in 250000 500000 1000000; do
    "$release/docmill-corpus" "$work/rows.jsonl" "$rows"
    seconds=$(once "$release/docmill" run "$work/rows.yaml" -o "$work/out" --quiet)
    memory=$(sed -n 's/^ *"peak_memory": \([0-9]*\),$/\1/p' "$work/out/manifest.json")
    each=$(awk -v rows="$rows" -v cpu="$seconds" 'BEGIN { printf "%.0f", cpu / rows * 1000000 }')
    row "$rows ($(($(stat -c %s "$work/rows.jsonl") / 1000000)) MB)" $((memory / 1000000)) "$each"
  done
fi

"$release/docmill" run "$work/corpus1" -o "$work/out" --quiet --workers 1
printf '\nmicroseconds a document, one worker\n'
awk -F'[:,]' '
  /"parts": \[/ { parts += 1 }
  parts == 2 && /"id"/ { gsub(/[ "]/, "", $2); id = $2 }
  parts == 2 && /"documents"/ { documents = $2 }
  parts == 2 && /"seconds"/ { if (documents > 0) printf "%-28s %10.1f\n", id, $2 / documents * 1000000 }
' "$work/out/manifest.json"
