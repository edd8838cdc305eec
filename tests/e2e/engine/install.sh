#!/bin/sh
# Installs what the end-to-end tests need from Debian 12, and only what is absent:
# the engine, debootstrap (for the base image) and a registry (for digests).
# Root, no terminal; a second run does nothing.
set -eu

missing=
need() { # COMMAND PACKAGE: dpkg may know a package whose command another client shadows, so ask for the file
    [ -x "$1" ] || missing="$missing $2"
}
need /usr/sbin/dockerd docker.io
need /usr/bin/docker docker.io
need /usr/sbin/debootstrap debootstrap
need /usr/bin/docker-registry docker-registry
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "install.sh: needs root to install:$missing" >&2
    exit 5
fi
if ! command -v apt-get >/dev/null; then
    echo "install.sh: no apt-get here; install these yourself:$missing" >&2
    exit 5
fi

export DEBIAN_FRONTEND=noninteractive
# In a container without an init system a package's service must not be started (start.sh does it).
apt-get update -qq
# shellcheck disable=SC2086 # a list of package names of our own
apt-get install -y -qq --no-install-recommends ca-certificates iptables $missing >&2
