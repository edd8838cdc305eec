"""Models that stand in a folder: what a spec could serve, by the names and the first bytes of files."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from servespec.deployment.layout import WEIGHTS
from servespec.facts import Facts, Kind
from servespec.models import Inspection
from servespec.records import dataclass

_CODE, _HANDLER = "model.py", "handler.py"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model, and the fields of `model` that say where its parts are."""

    format: str
    uri: str
    code: str | None = None
    """The file with the model's class, where the layout of `uri` does not say it."""
    handler: str | None = None
    """The handler, where the layout of `uri` does not say it."""
    weights: str = ""
    complete: bool = True
    """False for weights whose class is nowhere to be seen."""
    said: Inspection | None = None
    """What the model's own files say of it."""


def weights_in(facts: Facts, folders: Iterable[str]) -> tuple[str, ...]:
    """The paths of all files in some folders that are weights by their names."""
    return tuple(
        posixpath.normpath(posixpath.join(folder, name))
        for folder in folders
        for name in facts.file(folder).children
        if name.endswith(WEIGHTS)
    )


def candidates(facts: Facts, weights: Iterable[str]) -> Iterator[Candidate]:
    """The model of each weights file; `facts` tells of these and of the folders they are in."""
    for path in weights:
        folder = posixpath.dirname(path) or "."
        children = facts.file(folder).children
        script = facts.file(path).torchscript
        kind, complete = "torchscript" if script else "pytorch", script or _CODE in children
        if folder != "." and sum(name.endswith(WEIGHTS) for name in children) == 1:
            # A folder of its own is served as a whole: the layout tells which of its files is which.
            yield Candidate(kind, f"./{folder}", weights=path, complete=complete)
        elif facts.file(path).kind is Kind.FILE:
            code, handler = (
                f"./{posixpath.join(folder, name).removeprefix('./')}" if name in children else None
                for name in (_CODE, _HANDLER)
            )
            yield Candidate(kind, f"./{path}", None if script else code, handler, path, complete)
