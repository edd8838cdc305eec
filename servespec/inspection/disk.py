"""Models on the disk: looked at in small pieces, regular files only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from servespec.inspection.blob import Blob, Folder
from servespec.inspection.dispatch import inspect_blob, inspect_folder
from servespec.inspection.mlmodel import FILE as MLMODEL
from servespec.models import Inspection, Unknown

_MAX_DEPTH = 3
_MAX_NAMES = 10_000


def inspect(path: Path) -> Inspection | Unknown:
    """What a file or a folder says of the model in it. Raises only what the system does."""
    if path.name == MLMODEL and path.is_file():
        path = path.parent
    if path.is_dir():
        names = tuple(sorted(islice(_names(path), _MAX_NAMES + 1)))
        if len(names) > _MAX_NAMES:
            return Unknown(f"holds more than {_MAX_NAMES} files")
        return inspect_folder(Folder(path.name, names, lambda name: blob(path / name)))
    if not path.is_file():
        return Unknown("is not a file")
    return inspect_blob(blob(path))


def blob(path: Path) -> Blob:
    """A file, opened anew for each piece that is read."""

    def read(start: int, length: int) -> bytes:
        with path.open("rb") as stream:
            stream.seek(start)
            return stream.read(length)

    return Blob(path.name, path.stat().st_size, read)


def _names(folder: Path, above: str = "") -> Iterator[str]:
    """What is in a folder and not far below it; links to folders are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield f"{above}{entry.name}/"
                if above.count("/") + 1 < _MAX_DEPTH:
                    yield from _names(Path(entry.path), f"{above}{entry.name}/")
            elif entry.is_file():
                yield above + entry.name
