#!/bin/sh
# with-postgresql.sh COMMAND...: runs it beside a PostgreSQL of its own on the loopback, which
# KIOSK_TEST_DATABASE_URL names and which is gone afterwards. Where root and apt allow it, PostgreSQL
# is installed; where there is none, the command runs without, and the tests that want it skip.
set -eu

[ -z "${KIOSK_TEST_DATABASE_URL:-}" ] || exec "$@"

newest() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }
without() { echo "$1: the tests that want PostgreSQL are skipped."; shift; exec "$@"; }

if [ -z "$(newest)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing PostgreSQL for the tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } \
        >/dev/null || true
fi
programs=$(newest)
[ -n "$programs" ] || without "No PostgreSQL here" "$@"

folder=$(mktemp -d)
as=""
if [ "$(id -u)" = 0 ]; then  # PostgreSQL refuses to run as root
    as="runuser -u postgres --"
    chown postgres "$folder"
fi
in_folder() (cd "$folder" && $as "$@" >>"$folder/said" 2>&1)
stop() {
    in_folder "$programs/pg_ctl" -D "$folder/data" -m immediate stop || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

port=$(python3 -c "import socket as s; a = s.create_server(('127.0.0.1', 0)); print(a.getsockname()[1])")
in_folder "$programs/initdb" -D "$folder/data" -U kiosk --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync &&
    in_folder "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
        -o "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories= -c fsync=off" start ||
    { cat "$folder/said"; stop; without "PostgreSQL does not start" "$@"; }
KIOSK_TEST_DATABASE_URL="postgresql+psycopg://kiosk@127.0.0.1:$port/postgres" "$@"
