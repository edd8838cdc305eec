"""The files that together are one spec: which there are, and what is in them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from servespec.cli.find import ROOT_FILE, Source, overlay_environment
from servespec.edge.gather import repository

if TYPE_CHECKING:
    from servespec.pipeline import Texts

_MOST = 2 << 20  # twice what `source` takes: enough for it to see that a file is too large


def read(source: Source) -> tuple[Texts, tuple[Path, ...]]:
    """The texts of a spec, and every path that was read. Raises OSError when one can't be."""
    from servespec.pipeline import File, Texts

    beside: dict[str, Path] = {}
    for path in sorted(source.project.iterdir()):
        name = overlay_environment(path, source.path)
        if name and path.is_file() and (first := beside.setdefault(name, path)) != path:
            raise OSError(f"{first.name} and {path.name} are overlays of one environment: keep one of them")
    overlays = {name: File(source.beside(path), data_of(path)) for name, path in beside.items()}
    spec = File(source.shown, data_of(source.path))
    candidates = _root_files(source.project)
    others = [path.with_suffix(".yml") for path in candidates]
    if stray := next((path for path in others if path.is_file()), None):
        raise OSError(f"{os.path.relpath(stray)} would not be read: call it {ROOT_FILE}")
    root = File(os.path.relpath(candidates[-1]), data_of(candidates[-1])) if candidates[-1].is_file() else None
    kept = lock_of(source)
    lock = File(source.beside(kept), data_of(kept)) if kept.is_file() else None
    return Texts(spec, overlays, root, lock), (source.path, *beside.values(), *candidates, *others, kept)


def lock_of(source: Source) -> Path:
    """Where the lock of a spec is: `serving.lock` of a `serving.yaml`."""
    return source.path.with_suffix(".lock")


def _root_files(project: Path) -> list[Path]:
    """Where a root file is looked for: in the project folder and above it, up to the first one or the repository's
    root. Only the last of them can be there."""
    top = repository(project)
    looked: list[Path] = []
    for folder in (project, *project.parents):
        looked.append(folder / ROOT_FILE)
        if looked[-1].is_file() or folder.resolve() == top:
            break
    return looked


def data_of(path: Path) -> bytes:
    """What is in a file, as far as `source` may want to see of it."""
    with path.open("rb") as file:
        return file.read(_MOST)
