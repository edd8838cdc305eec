"""What stands around an output: what git thinks of it, and what an earlier name of the spec left beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from servespec.cli.find import OUTPUT, Source
from servespec.cli.reading import data_inside
from servespec.diagnostics.visible import escaped
from servespec.edge.ignored import ignored
from servespec.writer import MANIFEST


def ignored_output(folder: Path) -> str:
    """A warning when git ignores the output folder: what is made is to be committed and reviewed."""
    if (found := ignored(folder)) is None:
        return ""
    place = f"{os.path.relpath(found.file)}:{found.line}"
    return (
        f"warning: git ignores {os.path.relpath(folder)}, by {place}; what is in it can't be committed and reviewed\n"
    )


def left_behind(source: Source, out: Path, name: str) -> str:
    """A line for each folder beside the output that servespec made, and that no spec of the project makes any more."""
    folders = sorted(path.parent for path in out.glob(f"*/{MANIFEST}"))
    claimed = {name, *_names(source.project)}
    return "".join(
        f"left behind: {escaped(os.path.relpath(folder))}, which no spec here makes any more\n"
        for folder in folders
        if folder.name not in claimed
    )


def abandoned(past: Iterable[Path], sources: Iterable[Source]) -> tuple[str, ...]:
    """The folders that servespec made beside specs that are no more; `past` are those that have outputs and no spec.
    What one of the sources is called may have been made for it, with `-o`."""
    folders = sorted({(project, path.parent) for project in past for path in (project / OUTPUT).glob(f"*/{MANIFEST}")})
    if not folders:
        return ()
    claimed = {name for source in sources for name in _names(source.project)}
    return tuple(
        os.path.relpath(folder) for project, folder in folders if folder.name not in {*claimed, *_names(project)}
    )


def _names(project: Path) -> Iterator[str]:
    """The names that specs of the folder have, told by their text: several may build into one output."""
    for path in project.glob("*.y*ml"):
        if not path.is_file():
            continue  # a folder, a device, or an editor's lock, which is a link to nowhere: no spec that anybody builds
        try:
            text = data_inside(path).decode("utf-8", "replace")
        except OSError:
            continue
        yield from re.findall(r"""^name:\s*["']?([a-z0-9-]+)""", text, re.MULTILINE)
