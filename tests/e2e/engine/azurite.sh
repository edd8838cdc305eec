#!/bin/sh
# Runs Azurite, Microsoft's emulator of Azure Blob Storage, with the arguments given: out of npm's package, installed
# once into $SERVESPEC_AZURITE. Its later versions need a newer Node.js than Debian has.
set -eu

version=3.35.0
folder=${SERVESPEC_AZURITE:-${XDG_CACHE_HOME:-$HOME/.cache}/servespec-e2e/azurite-$version}
program=$folder/node_modules/.bin/azurite-blob

if [ ! -x "$program" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    # Nothing of it is built here: what it needs for other databases than its own stays as it comes.
    if ! npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "azurite@$version" >&2; then
        rm -rf "$folder"
        echo "azurite.sh: azurite $version could not be installed" >&2
        exit 5
    fi
fi
exec "$program" "$@"
