#!/usr/bin/env bash
# Builds terms.wasm, or the file that is named: a JavaScript engine and the module in one component of some 12 MB.
#
# Needs Node.js 20 or newer with npm. Everything but the result goes to $WORK, or to a temporary folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"
out=$(realpath -m "${1:-terms.wasm}")
work=${WORK:-$(mktemp -d)}
[[ -n ${WORK:-} ]] || trap 'rm -rf "$work"' EXIT

[[ -d $work/node_modules ]] || npm install --silent --no-audit --no-fund --prefix "$work" @bytecodealliance/componentize-js@0.23.0
cat > "$work/build.mjs" <<'END'
import { readFile, writeFile } from "node:fs/promises";
import { componentize } from "@bytecodealliance/componentize-js";

const [source, witPath, out] = process.argv.slice(2);
// docmill offers none of these.
const disableFeatures = ["random", "stdio", "clocks", "http", "fetch-event"];
const { component } = await componentize(await readFile(source, "utf8"), { witPath, worldName: "stage", disableFeatures });
await writeFile(out, component);
END
node "$work/build.mjs" terms.js "$(realpath ../../../crates/wasm/wit)" "$out"
ls -l "$out"
