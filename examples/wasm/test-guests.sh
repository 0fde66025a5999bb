#!/usr/bin/env bash
# Builds the guests in Python and JavaScript, and holds them to what the guest in Rust does. Takes some minutes: both bring an
# interpreter along, which is compiled once. Needs what their build scripts need.
set -euo pipefail
cd "$(dirname "$0")"
export DOCMILL_GUESTS=${DOCMILL_GUESTS:-$(mktemp -d)}
trap 'echo "guests and what was compiled of them: $DOCMILL_GUESTS"' EXIT

for language in python javascript; do
  echo "== $language: build"
  time WORK="$DOCMILL_GUESTS/$language-tools" "$language/build.sh" "$DOCMILL_GUESTS/$language.wasm"
done
echo "== tests"
time cargo test --package docmill-wasm --locked --test wasm guest -- --ignored --nocapture
