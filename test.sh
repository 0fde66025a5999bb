#!/usr/bin/env bash
# Runs every check: formatting, lints, documentation, and all tests. Needs Rust with rustfmt and clippy, a C compiler, Python, Node, jq, tesseract,
# and on Linux util-linux, whose tools the tests of full and read-only disks call.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}

step() { printf '\n== %s\n' "$1"; }

step "tools"
tools=(cargo cc bash python3 node jq tesseract)
[[ $(uname) != Linux ]] || tools+=(unshare nsenter prlimit setpriv)
for tool in "${tools[@]}"; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: see CONTRIBUTING.md" >&2; exit 1; }
done
echo "all there: ${tools[*]}"

step "formatting"
cargo fmt --all --check
cargo fmt --manifest-path examples/custom-stage/Cargo.toml --check

step "lints"
# WebAssembly components are a matter of their own at the end: their engine is most of what there is to compile.
cargo clippy --workspace --exclude docmill-wasm --all-targets --locked -- -D warnings
cargo clippy --package docmill-cli --package docmill-tests --features otlp --all-targets --locked -- -D warnings
cargo clippy --package docmill-tables --features parquet --all-targets --locked -- -D warnings

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --exclude docmill-wasm --no-deps --locked --quiet

step "tests"
cargo build --locked --package docmill-cli --bin docmill
cargo test --workspace --exclude docmill-wasm --locked

step "tests of what the default build leaves out"
cargo test --package docmill-tests --features otlp --test otlp --locked
cargo test --package docmill-tables --features parquet --locked

step "tests of the SDKs"
python3 -m unittest discover --start-directory sdk/python/tests
python3 -m unittest discover --start-directory sdk/bash/tests
node --test sdk/javascript/test/docmill-stage.test.js

step "the package of examples/custom-stage"
# On the same versions as docmill, and on what is built of them already.
cp Cargo.lock examples/custom-stage/Cargo.lock
target=${CARGO_TARGET_DIR:-$PWD/target}
own() {
  (cd examples/custom-stage && CARGO_TARGET_DIR=$target CARGO_PROFILE_DEV_OPT_LEVEL=1 CARGO_PROFILE_DEV_DEBUG=0 cargo "$@")
}
own clippy --all-targets --quiet -- -D warnings
own test --quiet
own run --quiet -- run pipeline.yaml --no-cache --quiet

step "WebAssembly components"
cargo clippy --package docmill-wasm --all-targets --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --package docmill-wasm --no-deps --locked --quiet
cargo test --package docmill-wasm --locked
cargo clippy --package docmill-cli --package docmill-tests --features wasm --all-targets --locked -- -D warnings
cargo test --package docmill-tests --features wasm --test wasm --locked
