"""What stands in a folder that is to get a spec."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from servespec.cli.find import OUTPUT
from servespec.deployment.layout import MLMODEL, PYTORCH, SUFFIXES
from servespec.deployment.names import as_label
from servespec.edge.gather import gather
from servespec.facts import Depth, Facts, Wanted
from servespec.inspection.candidates import Candidate, candidates, weights_in
from servespec.inspection.disk import inspect
from servespec.models import Inspection
from servespec.records import dataclass

_REQUIREMENTS = "requirements.txt"
_SUFFIXES = tuple(suffix for kind, suffixes in SUFFIXES.items() if kind not in PYTORCH for suffix in suffixes)
_SKIPPED = frozenset({OUTPUT, "node_modules", "__pycache__", "venv", "tests"})


@dataclass(frozen=True)
class Seen:
    """What was found."""

    name: str | None
    """A name for the service, from the folder's; None when nothing of that is left."""
    models: tuple[Candidate, ...]
    requirements: str | None


def look(folder: Path, uri: str | None) -> Seen:
    """What is in the folder and in those right below it, or else at `uri`."""
    top = _listed(folder, ".").file(".").children
    below = [name.rstrip("/") for name in top if name.endswith("/") and not name.startswith(".")]
    folders = [".", *(name for name in below if name not in _SKIPPED)]
    if uri is not None:
        path = posixpath.normpath(uri)
        folders = [path, posixpath.dirname(path) or "."]
    listed = _listed(folder, *folders)
    weights = weights_in(listed, folders)
    found = [*candidates(_listed(folder, *folders, *weights), weights), *_inspected(folder, folders, listed)]
    return Seen(
        name=as_label(folder.resolve().name),
        models=tuple(item for item in found if uri is None or _is(item, uri)),
        requirements=f"./{_REQUIREMENTS}" if _REQUIREMENTS in top else None,
    )


def _inspected(folder: Path, folders: Sequence[str], listed: Facts) -> Iterator[Candidate]:
    """Models of other frameworks, by what their own files say. What lies in a model's folder is a part of it."""
    found: list[str] = []
    paths = [place for place in folders if place != "."]
    paths += [posixpath.join(place, name) for place in folders for name in listed.file(place).children]
    for path in dict.fromkeys(posixpath.normpath(path) for path in paths):
        if posixpath.dirname(path) in found or not _may_be_a_model(path, listed):
            continue
        seen = inspect(folder / path)
        said = seen if isinstance(seen, Inspection) else None
        kind = said.format if said else None
        if kind is not None and kind in SUFFIXES and kind not in PYTORCH:
            found.append(path)
            yield Candidate(kind, f"./{path}", weights=path, said=said)


def _may_be_a_model(path: str, listed: Facts) -> bool:
    if path.endswith(_SUFFIXES):
        return True
    children = listed.file(path).children
    return any(name in (MLMODEL, "saved_model.pb") or name.rstrip("/").isdecimal() for name in children)


def _listed(folder: Path, *paths: str) -> Facts:
    return gather(folder, [Wanted(path, Depth.STAT) for path in paths])


def _is(model: Candidate, uri: str) -> bool:
    return posixpath.normpath(uri) in (posixpath.normpath(model.uri), model.weights)
