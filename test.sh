#!/usr/bin/env bash
# Runs every check: formatting, lints, documentation, and all tests. Needs Rust with rustfmt and clippy, compilers for C and C++, Python, Node,
# jq, tesseract, and on Linux util-linux, whose tools the tests of full and read-only disks call.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}
target=${CARGO_TARGET_DIR:-$PWD/target}

step() { printf '\n== %s\n' "$1"; }

step "tools"
tools=(cargo clippy-driver cc c++ bash python3 node jq tesseract)
[[ $(uname) != Linux ]] || tools+=(unshare nsenter prlimit setpriv)
for tool in "${tools[@]}"; do
  command -v "$tool" > /dev/null || { echo "$tool is missing: see CONTRIBUTING.md" >&2; exit 1; }
done
echo "all there: ${tools[*]}"

step "formatting"
cargo fmt --all --check
cargo fmt --manifest-path examples/custom-stage/Cargo.toml --check

step "build with all features, and lints"
# Clippy's driver compiles as rustc does, and lints docmill's own crates on the way: what `cargo clippy` would compile a second time
# is half of all the work.
everything=(--workspace --all-features --locked)
export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings
cargo build "${everything[@]}" --all-targets

step "tests"
DOCMILL_BINARY=$target/debug/docmill cargo test "${everything[@]}"

step "the package of examples/custom-stage"
# On the same versions as docmill, and on what is built of them already.
cp Cargo.lock examples/custom-stage/Cargo.lock
own() {
  (cd examples/custom-stage && CARGO_TARGET_DIR=$target cargo "$@")
}
own test --quiet
own run --quiet -- run pipeline.yaml --no-cache --quiet

step "fuzzing"
fuzz/run.sh --runs 200

step "tests of the SDKs"
python3 -m unittest discover --start-directory sdk/python/tests
python3 -m unittest discover --start-directory sdk/bash/tests
node --test sdk/javascript/test/docmill-stage.test.js

step "tests of the measuring of quality"
python3 -m unittest discover --start-directory tests/quality

step "documentation"
RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked --quiet
