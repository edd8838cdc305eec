"""Whether git ignores a folder, read off the `.gitignore` files above it: no process is started.

Rules: https://git-scm.com/docs/gitignore (read 2026-11). What only a person's own machine ignores (`core.excludesFile`,
`.git/info/exclude`) is not looked at: others get those files.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from servespec.edge.gather import repository
from servespec.records import dataclass


@dataclass(frozen=True)
class Ignored:
    """The line that says so."""

    file: Path
    line: int
    pattern: str


def ignore_files(folder: Path) -> tuple[Path, ...]:
    """The `.gitignore` files, there or not, that decide about a folder; none outside of a repository."""
    root = repository(folder.parent)
    if not (root / ".git").exists():
        return ()
    above = [parent for parent in folder.parents if parent.is_relative_to(root)]
    return tuple(parent / ".gitignore" for parent in reversed(above))


def ignored(folder: Path) -> Ignored | None:
    """The line by which git ignores `folder` or a folder that it is in; None when it does not."""
    rules = [(file, rule) for file in ignore_files(folder) for rule in _rules(file)]
    for path in (*reversed(folder.parents), folder):
        last: Ignored | None = None
        for file, (line, pattern) in rules:
            if path != file.parent and path.is_relative_to(file.parent):
                parts = path.relative_to(file.parent).parts
                if _matches(_parts(pattern.removeprefix("!")), parts):
                    last = None if pattern.startswith("!") else Ignored(file, line, pattern)
        if last is not None:
            return last  # what is in an ignored folder can't be taken in again
    return None


def _rules(file: Path) -> Iterator[tuple[int, str]]:
    if file.is_symlink() or not file.is_file():
        return  # git follows no link here, and it reads no rules from what it can't read
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip()


def _parts(pattern: str) -> tuple[str, ...]:
    parts = tuple(pattern.strip("/").split("/"))
    anchored = "/" in pattern.rstrip("/")
    return parts if anchored else ("**", *parts)


def _matches(pattern: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Part for part of the pattern, from all places that what stands before it can have come to: each is looked at
    once, however many `**` there are."""
    places = {0}
    for number, part in enumerate(pattern):
        if part == "**":
            if number == len(pattern) - 1:
                return any(place < len(path) for place in places)
            places = set(range(min(places), len(path)))
        else:
            places = {place + 1 for place in places if place < len(path) and fnmatchcase(path[place], part)}
        if not places:
            return False
    return len(path) in places
