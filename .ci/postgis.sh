#!/usr/bin/env bash
# The tests that need a server: on a throw-away PostgreSQL with PostGIS, which is always removed.
set -euo pipefail
cd "$(dirname "$0")/.."

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
# The server refuses to run as root.
as_owner() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

# The programs of the newest server that has PostGIS.
programs() {
  local version
  for version in $(ls /usr/lib/postgresql 2>/dev/null | sort -rV); do
    if [ -e "/usr/share/postgresql/$version/extension/postgis.control" ] &&
      [ -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
      echo "/usr/lib/postgresql/$version/bin"
      return
    fi
  done
  return 1
}

if ! programs >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get update -q
  as_root apt-get install -y -q postgresql postgresql-postgis
fi
bin=$(programs)

run=$(mktemp -d)
finish() {
  as_owner "$bin/pg_ctl" -D "$run/data" -m immediate -s stop || true
  rm -rf "$run"
}
trap finish EXIT
if [ "$(id -u)" = 0 ]; then chown postgres "$run"; fi

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(
  cd "$run"
  as_owner "$bin/initdb" -D "$run/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$run/initdb.log"
  as_owner "$bin/pg_ctl" -D "$run/data" -l "$run/server.log" -w -s \
    -o "-p $port -k $run -c listen_addresses=127.0.0.1 -c fsync=off" start || {
    cat "$run/server.log" >&2
    exit 1
  }
)
export FACILITY_AUDIT_PG="postgresql://postgres@127.0.0.1:$port/audit"
"$bin/createdb" -h 127.0.0.1 -p "$port" -U postgres audit
"$bin/psql" -q -v ON_ERROR_STOP=1 "$FACILITY_AUDIT_PG" -c 'CREATE EXTENSION postgis'

cargo test --locked --features postgis --lib postgis -- --nocapture 2>&1 | tee "$run/tests.log"
if grep -q 'skipped:' "$run/tests.log"; then
  echo "a test was skipped although there is a server" >&2
  exit 1
fi
if ! grep -Eq 'test result: ok\. [1-9]' "$run/tests.log"; then
  echo "no test of the server was run" >&2
  exit 1
fi
