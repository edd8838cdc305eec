#!/bin/sh
# Packs the model for TorchServe.
# Usage: archive.sh [FOLDER]; the default is the folder model-store beside this script.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
store=${1:-$here/model-store}
mkdir -p -- "$store"
store=$(CDPATH='' cd -- "$store" && pwd)
cd -- "$here"/../../..
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
# The archiver gathers files in the temporary folder: one of our own, so that two runs never meet.
TMPDIR=$work torch-model-archiver \
    --model-name=fraud-detector \
    --version=1.0 \
    --serialized-file=model/detector.pt \
    --handler=deploy/fraud-detector/torchserve/handler.py \
    --config-file=deploy/fraud-detector/torchserve/model-config.yaml \
    --archive-format=zip-store \
    --model-file=model/model.py \
    --export-path="$work" \
    --force
mv -f -- "$work"/fraud-detector.mar "$store"/fraud-detector-1.0.mar
