#!/usr/bin/env bash
# Builds terms.wasm, or the file that is named: Python and the module in one component of some 18 MB.
#
# Needs Python 3.10 or newer with pip. Everything but the result goes to $WORK, or to a temporary folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"
out=$(realpath -m "${1:-terms.wasm}")
wit=$(realpath ../../../crates/wasm/wit)
export PYTHONDONTWRITEBYTECODE=1
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK:-} ]] || trap 'rm -rf "$work"' EXIT

[[ -x $work/bin/componentize-py ]] || {
  python3 -m venv "$work"
  "$work/bin/pip" install --quiet componentize-py==0.25.1
}
rm -rf "$work/bindings"
componentize() { "$work/bin/componentize-py" --wit-path "$wit" --world stage "$@"; }
componentize bindings "$work/bindings"
# What of Python wants files, clocks and the like gets stubs that trap: docmill offers none of it.
componentize componentize --stub-wasi --python-path . --python-path "$work/bindings" app --output "$out"
ls -l "$out"
