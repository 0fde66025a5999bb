#!/usr/bin/env bash
# Runs every check: formatting, lints, documentation, and all tests. Needs Rust with rustfmt and clippy, a C compiler, and on Linux
# util-linux, whose tools the tests of full and read-only disks call.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}

step() { printf '\n== %s\n' "$1"; }

step "tools"
tools=(cargo cc)
[[ $(uname) != Linux ]] || tools+=(unshare nsenter prlimit setpriv)
for tool in "${tools[@]}"; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: see CONTRIBUTING.md" >&2; exit 1; }
done
echo "all there: ${tools[*]}"

step "formatting"
cargo fmt --all --check

step "lints"
# WebAssembly components are a matter of their own at the end: their engine is most of what there is to compile.
cargo clippy --workspace --exclude docmill-wasm --all-targets --locked -- -D warnings
cargo clippy --package docmill-cli --package docmill-tests --features otlp --all-targets --locked -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude docmill-wasm --no-deps --locked --quiet

step "tests"
cargo build --locked --package docmill-cli --bin docmill
cargo test --workspace --exclude docmill-wasm --locked

step "tests of what the default build leaves out"
cargo test --package docmill-tests --features otlp --test otlp --locked

step "WebAssembly components"
cargo clippy --package docmill-wasm --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --package docmill-wasm --no-deps --locked --quiet
cargo test --package docmill-wasm --locked
cargo clippy --package docmill-cli --package docmill-tests --features wasm --all-targets --locked -- -D warnings
cargo test --package docmill-tests --features wasm --test wasm --locked
