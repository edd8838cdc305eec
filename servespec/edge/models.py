"""Asking models what they are: only of files that were looked at, so that none is followed out of the repository."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from servespec.facts import FileFact, Kind, Wanted
from servespec.inspection.blob import Folder
from servespec.inspection.disk import blob
from servespec.inspection.dispatch import inspect_blob, inspect_folder
from servespec.models import Inspection, Unknown


def said(project: Path, wanted: Wanted, files: Mapping[str, FileFact]) -> Iterator[tuple[str, Inspection | Unknown]]:
    """What the models at a path say, each with its own path: a file, the files in a folder, or the folder itself."""
    for path in _models(wanted, files):
        try:
            yield path, _ask(project / path, path, files)
        except OSError as failure:
            yield path, Unknown(f"can't be read: {failure.strerror}")


def _models(wanted: Wanted, files: Mapping[str, FileFact]) -> Iterator[str]:
    there = files[wanted.path]
    if there.kind is Kind.FILE or not wanted.model:
        yield wanted.path
        return
    for child in there.children:
        path = posixpath.normpath(posixpath.join(wanted.path, child))
        if child.endswith(wanted.model) and path in files and files[path].kind is Kind.FILE:
            yield path


def _ask(place: Path, path: str, files: Mapping[str, FileFact]) -> Inspection | Unknown:
    if files[path].kind is Kind.FILE:
        return inspect_blob(blob(place))
    above = "" if path == "." else f"{path}/"
    below = {name.removeprefix(above): fact.kind for name, fact in files.items() if name.startswith(above)}
    known = (name + "/" * (kind is Kind.FOLDER) for name, kind in below.items() if kind in (Kind.FILE, Kind.FOLDER))
    return inspect_folder(Folder(place.name, tuple(sorted(known)), lambda name: blob(place / name)))
