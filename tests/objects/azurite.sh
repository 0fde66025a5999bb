#!/usr/bin/env bash
# Runs docmill against Azurite, the blob store of Azure on this machine: part of the long tests. Installs it with npm where it is not there
# yet, below AZURITE_ROOT, or in a temporary folder that goes away.
set -euo pipefail
cd "$(dirname "$0")/../.."
packages=(azurite@3.35.0 @azure/storage-blob@12.32.0)
account=docmill
key=$(head -c 64 /dev/urandom | base64 --wrap=0)

work=$(mktemp -d)
server=
finish() {
  if [[ -n $server ]]; then
    kill "$server" 2> /dev/null || true
    wait "$server" 2> /dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

root=${AZURITE_ROOT:-$work/azurite}
if [[ ! -d $root/node_modules/azurite ]]; then
  npm install --prefix "$root" --no-audit --no-fund --silent "${packages[@]}"
fi

port=$(python3 -c 'import socket; one = socket.socket(); one.bind(("127.0.0.1", 0)); print(one.getsockname()[1])')
AZURITE_ACCOUNTS=$account:$key node "$root/node_modules/azurite/dist/src/blob/main.js" --silent --inMemoryPersistence --skipApiVersionCheck \
  --blobHost 127.0.0.1 --blobPort "$port" > "$work/azurite.log" 2>&1 &
server=$!
for ((tries = 0; ; tries++)); do
  (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break
  if ((tries == 100)) || ! kill -0 "$server" 2> /dev/null; then
    echo "azurite does not start:" >&2
    cat "$work/azurite.log" >&2
    exit 1
  fi
  sleep 0.3
done
NODE_PATH=$root/node_modules node - "$port" "$account" "$key" << 'CONTAINER'
const { BlobServiceClient, StorageSharedKeyCredential } = require("@azure/storage-blob");
const [port, account, key] = process.argv.slice(2);
const service = new BlobServiceClient(`http://127.0.0.1:${port}/${account}`, new StorageSharedKeyCredential(account, key));
service.createContainer("docmill");
CONTAINER

DOCMILL_TEST_STORE=az://docmill AZURE_ENDPOINT="http://127.0.0.1:$port/$account" AZURE_ALLOW_HTTP=true \
  AZURE_STORAGE_ACCOUNT_NAME=$account AZURE_STORAGE_ACCOUNT_KEY=$key \
  cargo test --package docmill-tests --features objects --test objects --locked -- --ignored
