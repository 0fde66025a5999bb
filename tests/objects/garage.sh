#!/usr/bin/env bash
# Runs docmill against Garage, an object store of others, on this machine: part of the long tests. Builds it with cargo where it is not there
# yet, below GARAGE_ROOT, or in a temporary folder that goes away. Takes a C compiler and, the first time, eleven minutes of CPU time.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=2.5.0

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

garage_root=${GARAGE_ROOT:-$work/garage}
if [[ ! -x $garage_root/bin/garage ]]; then
  cargo install garage --version "$version" --debug --locked --no-default-features --features bundled-libs,sqlite --root "$garage_root"
fi

# Ports that are free now.
read -r api rpc < <(python3 - << 'PORTS'
import socket
sockets = [socket.socket() for _ in range(2)]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))
PORTS
)
hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
cat > "$work/garage.toml" << CONFIG
metadata_dir = "$work/meta"
data_dir = "$work/data"
db_engine = "sqlite"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:$rpc"
rpc_public_addr = "127.0.0.1:$rpc"
rpc_secret = "$(hex 32)"

[s3_api]
s3_region = "garage"
api_bind_addr = "127.0.0.1:$api"
CONFIG

export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
AWS_ACCESS_KEY_ID="GK$(hex 12)"
AWS_SECRET_ACCESS_KEY=$(hex 32)
GARAGE_DEFAULT_ACCESS_KEY=$AWS_ACCESS_KEY_ID GARAGE_DEFAULT_SECRET_KEY=$AWS_SECRET_ACCESS_KEY GARAGE_DEFAULT_BUCKET=docmill \
  "$garage_root/bin/garage" -c "$work/garage.toml" server --single-node --default-bucket > "$work/garage.log" 2>&1 &
server=$!
for ((tries = 0; ; tries++)); do
  (: < "/dev/tcp/127.0.0.1/$api") 2> /dev/null && break
  if ((tries == 100)) || ! kill -0 "$server" 2> /dev/null; then
    echo "garage does not start:" >&2
    cat "$work/garage.log" >&2
    exit 1
  fi
  sleep 0.3
done

DOCMILL_TEST_STORE=s3://docmill AWS_ENDPOINT_URL="http://127.0.0.1:$api" AWS_ALLOW_HTTP=true AWS_REGION=garage \
  cargo test --package docmill-tests --features objects --test objects --locked -- --ignored
