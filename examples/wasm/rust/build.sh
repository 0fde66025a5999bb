#!/usr/bin/env bash
# Builds terms.wasm anew, and writes down of which sources.
#
# Whoever has the target (`rustup target add wasm32-unknown-unknown`) needs no more than cargo and the linker that comes with Rust.
# Without it, as here, Rust for WebAssembly comes from Debian's packages, unpacked aside: they bring the sources of the standard
# library, which is built along. Needs rustup's Rust, and apt-get and dpkg of Debian 12. Everything but the result goes to $WORK, or to a
# temporary folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"

target=wasm32-unknown-unknown
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK:-} ]] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work/packages" "$work/unpacked"

linker=CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
export CARGO_TARGET_DIR=$work/target "$linker=$tools/wasm-component-ld" CARGO_INCREMENTAL=0
# No path of this machine goes into the component, and nothing of WASI.
export RUSTFLAGS="-C linker-flavor=wasm-ld -C link-arg=--wasm-ld-path=$tools/gcc-ld/wasm-ld -C link-arg=--wasi-adapter=none
  --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo --remap-path-prefix=$work=work"
RUSTFLAGS=${RUSTFLAGS//$'\n'/}

if rustc --print target-libdir --target "$target" 2> /dev/null | xargs test -d; then
  cargo build --release --locked --target "$target"
else
  if [[ ! -x $work/unpacked/usr/bin/rustc ]]; then
    depends() { apt-cache depends "$1" | sed -n "s/.*Depends: \\($2.*\\)/\\1/p"; }
    std=$(depends libstd-rust-web-dev libstd-rust-web-)
    (cd "$work/packages" && apt-get download rustc-web rust-web-src libstd-rust-web-dev "$std" "$(depends "$std" libllvm)")
    for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/unpacked"; done
  fi
  export RUSTC=$work/unpacked/usr/bin/rustc RUSTC_BOOTSTRAP=1
  export LD_LIBRARY_PATH=$work/unpacked/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2> /dev/null || gcc -print-multiarch)
  cargo build --release --locked --target "$target" -Zbuild-std=std,panic_abort
fi

cp "$work/target/$target/release/acme_terms.wasm" terms.wasm
# A test holds these against what is there: a change of the sources without a new build is seen.
sha256sum terms.wasm Cargo.toml Cargo.lock src/lib.rs ../../../crates/wasm/wit/stage.wit > terms.sha256
ls -l terms.wasm
