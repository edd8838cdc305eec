"""What stands in a folder that is to get a spec."""

from __future__ import annotations

import posixpath
from pathlib import Path

from servespec.cli.work import OUTPUT
from servespec.deployment.names import as_label
from servespec.edge.gather import gather
from servespec.facts import Depth, Facts, Wanted
from servespec.inspection.candidates import Candidate, candidates, weights_in
from servespec.records import dataclass

_REQUIREMENTS = "requirements.txt"
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
    weights = weights_in(_listed(folder, *folders), folders)
    found = candidates(_listed(folder, *folders, *weights), weights)
    return Seen(
        name=as_label(folder.resolve().name),
        models=tuple(item for item in found if uri is None or _is(item, uri)),
        requirements=f"./{_REQUIREMENTS}" if _REQUIREMENTS in top else None,
    )


def _listed(folder: Path, *paths: str) -> Facts:
    return gather(folder, [Wanted(path, Depth.STAT) for path in paths])


def _is(model: Candidate, uri: str) -> bool:
    return posixpath.normpath(uri) in (posixpath.normpath(model.uri), model.weights)
