#!/bin/sh
# Packs the model for TorchServe.
# Usage: archive.sh [FOLDER]; the default is the folder model-store beside this script.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
store=${1:-$here/model-store}
mkdir -p -- "$store"
store=$(CDPATH='' cd -- "$store" && pwd)
cd -- "$here"/../../../..
# The weights are the ones that the spec means.
printf '%s\n' '425b5ce99c10da90309adcfaa853dfefe8e69c1b18078f42edc8f808b4ee8826  model/detector.pt' | sha256sum --check --quiet -
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# The archiver gathers files in the temporary folder: one of our own, so that two runs never meet.
TMPDIR=$work torch-model-archiver \
    --model-name=fraud_detector \
    --version=2.1 \
    --serialized-file=model/detector.pt \
    --handler=model/scoring.py \
    --config-file=deploy/fraud-detector/torchserve/steady/model-config.yaml \
    --archive-format=zip-store \
    --model-file=model/network.py \
    --extra-files=index_to_name.json,lookup \
    --export-path="$work" \
    --force
mv -f -- "$work"/fraud_detector.mar "$store"/fraud_detector-2.1.mar
