#!/bin/sh
# Makes the image that emitted Dockerfiles start from, where the public registry cannot be
# reached: a Debian 12 with Python 3.11, tagged as the official image is. The Dockerfile
# under test thus stays the one that is emitted.
#
# Everything peculiar to this machine (its certificate authorities, pip's index and proxy,
# apt's mirror and proxy) is read here when the script runs and goes into the image only.
#
# Root, no terminal; a second run finds the tags and does nothing (--force makes it anew).
# On a machine that reaches the registry: SERVESPEC_BASE_IMAGE=pull takes the real image.
set -eu

docker=/usr/bin/docker
tags="python:3.11-slim-bookworm python:3.11-slim"
suite=bookworm

force=no
[ "${1:-}" = --force ] && force=yes

have_all() {
    for tag in $tags; do
        "$docker" image inspect "$tag" >/dev/null 2>&1 || return 1
    done
}

if [ "$force" = no ] && have_all; then
    exit 0
fi
if ! "$docker" info >/dev/null 2>&1; then
    echo "base_image.sh: no engine answers; run start.sh first" >&2
    exit 5
fi
if [ "${SERVESPEC_BASE_IMAGE:-make}" = pull ]; then
    for tag in $tags; do "$docker" pull --quiet "$tag"; done
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || [ ! -x /usr/sbin/debootstrap ]; then
    echo "base_image.sh: needs root and debootstrap; run install.sh first" >&2
    exit 5
fi

work=$(mktemp -d)
root=$work/root
# debootstrap mounts proc and sys below the root while it works; never walk into them.
cleanup() {
    for mounted in proc sys; do umount "$root/$mounted" 2>/dev/null || true; done
    rm -rf --one-file-system "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# --- the machine's settings, read now ---------------------------------------------------

# apt's mirror: the first Debian mirror that this machine itself uses.
# shellcheck disable=SC2016 # apt expands these, not the shell
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null |
    awk -v suite="$suite" '$2 == suite && $1 ~ /\/debian\/?$/ { print $1; exit }')
[ -n "$mirror" ] || { echo "base_image.sh: apt on this machine names no Debian mirror for $suite" >&2 && exit 5; }
# shellcheck disable=SC2016
security=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 2>/dev/null |
    awk -v suite="$suite-security" '$2 == suite { print $1; exit }')
security=${security:-${mirror%/}-security}

# pip_setting NAME: the value that pip on this machine would use, environment before files.
pip_config=$(python3 -m pip config list 2>/dev/null || true)
pip_setting() {
    printf '%s\n' "$pip_config" | awk -v name="$1" -F= '
        { key = $1; sub(/^[^.]*:?\./, "", key); sub(/^env:\./, "", key)
          value = substr($0, length($1) + 2); gsub(/^'\''|'\''$/, "", value) }
        key == name && ($1 ~ /^:env:/ || found == "") { found = value }
        END { print found }'
}
# Only what means something inside an image: no folders of this machine.
remote_only() { tr ' ' '\n' | grep -E '^https?://' | tr '\n' ' ' || true; }

# --- the root file system ---------------------------------------------------------------

debootstrap --variant=minbase \
    --include=python3,python3-pip,python3-venv,ca-certificates,netbase,tzdata \
    "$suite" "$root" "$mirror" >"$work/debootstrap.log" 2>&1 || {
    echo "base_image.sh: debootstrap failed; the end of its log:" >&2
    tail -n 15 "$work/debootstrap.log" >&2
    exit 5
}

# As in the official image: `python` on PATH, pip may install, no documentation.
ln -s /usr/bin/python3 "$root/usr/local/bin/python3"
ln -s python3 "$root/usr/local/bin/python"
rm -f "$root"/usr/lib/python3.*/EXTERNALLY-MANAGED
cat >"$root/etc/dpkg/dpkg.cfg.d/docker" <<'CFG'
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/locale/*
CFG
rm -rf "$root/usr/share/man" "$root/usr/share/locale" "$root"/var/cache/apt/*.bin \
    "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
find "$root/usr/share/doc" -mindepth 2 ! -name copyright -delete 2>/dev/null || true
# As in the official image: packages start no services, and apt keeps no packages.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
cat >"$root/etc/apt/apt.conf.d/docker-clean" <<'CFG'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
CFG
rm -f "$root/etc/apt/sources.list"
cat >"$root/etc/apt/sources.list.d/debian.sources" <<CFG
Types: deb
URIs: $mirror
Suites: $suite $suite-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: $security
Suites: $suite-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
CFG

# --- the machine's peculiarities --------------------------------------------------------

apt-config dump 2>/dev/null | grep -E '^Acquire::https?::(Proxy|proxy|CaInfo)' \
    >"$root/etc/apt/apt.conf.d/80machine" || rm -f "$root/etc/apt/apt.conf.d/80machine"
if [ -s /etc/ssl/certs/ca-certificates.crt ]; then
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    # Kept apart too, so that `update-ca-certificates` in a build (a Java runtime runs it) keeps them.
    if [ -d /usr/local/share/ca-certificates ]; then
        cp -R /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
    fi
fi
{
    echo '[global]'
    echo 'disable-pip-version-check = true'
    echo 'root-user-action = ignore'
    [ -z "$(pip_setting cert)" ] || echo 'cert = /etc/ssl/certs/ca-certificates.crt'
    for name in index-url extra-index-url find-links; do
        value=$(pip_setting "$name" | remote_only)
        [ -z "$value" ] || echo "$name = $value"
    done
    for name in trusted-host proxy timeout default-timeout retries; do
        value=$(pip_setting "$name")
        [ -z "$value" ] || echo "$name = $value"
    done
} >"$root/etc/pip.conf"
chmod 0644 "$root/etc/pip.conf"

# --- one layer, the official image's settings, both names -------------------------------

first=${tags%% *}
tar -C "$root" --numeric-owner --one-file-system \
    --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* -c . |
    "$docker" import \
        --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENV LANG=C.UTF-8' \
        --change 'CMD ["python3"]' \
        - "$first" >/dev/null
for tag in $tags; do
    [ "$tag" = "$first" ] || "$docker" tag "$first" "$tag"
done
