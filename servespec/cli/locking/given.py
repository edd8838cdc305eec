"""A map from images to digests that a person gives, where no registry is to be asked."""

from __future__ import annotations

import re
from pathlib import Path

import click

from servespec import source
from servespec.cli.reading import data_of

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def read_map(path: Path) -> dict[str, str]:
    """The map in a file. Raises UsageError when there is none."""
    found = source.load(str(path), data_of(path))
    if found.report.errors or not isinstance(found.document.value, dict):
        raise click.UsageError(f"{path} holds no map of images to digests, in YAML or JSON")
    for name, digest in found.document.value.items():
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise click.UsageError(f"{path}: what stands for {name} is not `sha256:` and 64 hexadecimal digits")
    return {name: str(digest) for name, digest in found.document.value.items()}
