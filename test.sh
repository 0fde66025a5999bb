#!/usr/bin/env bash
# Runs every check: formatting, lints, documentation, and all tests. Needs Rust with rustfmt and clippy; nothing else.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}

step() { printf '\n== %s\n' "$1"; }

step "formatting"
cargo fmt --all --check

step "lints"
cargo clippy --workspace --all-targets --locked -- -D warnings
cargo clippy --package docmill-cli --package docmill-tests --features otlp --all-targets --locked -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet

step "tests"
cargo build --locked --package docmill-cli --bin docmill
cargo test --workspace --locked

step "tests of what the default build leaves out"
cargo test --package docmill-tests --features otlp --test otlp --locked
