#!/bin/sh
# Packs the model for TorchServe.
# Usage: archive.sh [FOLDER]; the default is the folder model-store beside this script.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
store=${1:-$here/model-store}
mkdir -p -- "$store"
store=$(CDPATH='' cd -- "$store" && pwd)
cd -- "$here"/{{ up }}
{% for digest in digests %}
# The weights are the ones that the spec means.
printf '%s\n' {{ digest }} | sha256sum --check --quiet -
{% endfor %}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# The archiver gathers files in the temporary folder: one of our own, so that two runs never meet.
TMPDIR=$work torch-model-archiver \
{% for argument in arguments %}
    {{ argument }} \
{% endfor %}
    --export-path="$work" \
    --force
mv -f -- "$work"/{{ made }} "$store"/{{ archive }}
