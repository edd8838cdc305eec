"""From what a user typed to the specs that are meant."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from servespec.records import dataclass

SPEC = "serving.yaml"
_SKIPPED = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Source:
    """One spec: where it is, and how to call it in messages."""

    path: Path
    shown: str

    @property
    def project(self) -> Path:
        """The project folder: the one of the spec."""
        return self.path.parent


class NotFound(Exception):
    """There is no spec where one was named; the message is a sentence."""


def find(paths: Sequence[str]) -> list[Source]:
    """The specs that `paths` mean: a folder stands for every serving.yaml below it.

    Without paths: `./serving.yaml`, else the nearest one above, up to the repository's root.
    """
    if not paths:
        return [_source(_nearest(Path.cwd()))]
    found = [path for given in paths for path in _below(Path(given))]
    return [_source(path) for path in dict.fromkeys(found)]


def _below(given: Path) -> Iterator[Path]:
    if not given.exists():
        raise NotFound(f"{given} does not exist")
    if not given.is_dir():
        yield given
        return
    found = sorted(_walk(given))
    if not found:
        raise NotFound(f"there is no {SPEC} in {given} or below it")
    yield from found


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        if SPEC in files:
            yield Path(root, SPEC)


def _nearest(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / SPEC).is_file():
            return folder / SPEC
        if (folder / ".git").exists():
            break
    raise NotFound(f"there is no {SPEC} here or above; `servespec init` writes one")


def _source(path: Path) -> Source:
    return Source(Path(os.path.abspath(path)), os.path.relpath(path))
