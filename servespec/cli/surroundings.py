"""What stands around an output: what git thinks of it, and what specs that are no more have left beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from servespec.cli.find import NotFound, Source, find
from servespec.cli.reading import data_inside
from servespec.edge.gather import repository
from servespec.edge.ignored import ignored
from servespec.writer import MANIFEST

_KEY = r"""["']?name["']?\s*:\s*(?:[&!]\S+\s+)*["']?([a-z0-9-]+)"""
_NAMES = {False: re.compile(f"^{_KEY}", re.MULTILINE), True: re.compile(_KEY)}
"""What a spec is called. In a text that is one map in braces any name may be that of the spec."""


def ignored_output(folder: Path) -> str:
    """A warning when git ignores the output folder: what is made is to be committed and reviewed."""
    if (found := ignored(folder)) is None:
        return ""
    place = f"{os.path.relpath(found.file)}:{found.line}"
    return (
        f"warning: git ignores {os.path.relpath(folder)}, by {place}; what is in it can't be committed and reviewed\n"
    )


def others(out: Path, name: str = "") -> tuple[Path, ...]:
    """The folders in an output folder that servespec made, but for that of the name."""
    # What begins with a dot is being exchanged, or is for the next build to settle after a crash.
    made = sorted(path.parent for path in out.glob(f"[!.]*/{MANIFEST}"))
    return tuple(folder for folder in made if folder.name != name)


def names(project: Path) -> dict[str, Path]:
    """The names that specs of the folder have, told by their text, and where: several may build into one output."""
    found: dict[str, Path] = {}
    for path in project.glob("*.y*ml"):
        if not path.is_file():
            continue  # a folder, a device, or an editor's lock, which is a link to nowhere: no spec that anybody builds
        try:
            text = data_inside(path).decode("utf-8", "replace")
        except OSError:
            continue
        found |= dict.fromkeys(_NAMES[text.lstrip().startswith("{")].findall(text), path)
    return found


def left_behind(folders: Iterable[Path], sources: Iterable[Source]) -> tuple[str, ...]:
    """Those of the output folders whose spec is no more: none that was looked at is called like that, none beside it,
    and none of the repository. What bears the name of a spec elsewhere may have been made of it, with `-o`."""
    mine = {folder: folder.parent.parent for folder in folders}
    if not mine:
        return ()
    projects = {source.project for source in (*sources, *_all_of(set(map(repository, mine.values()))))}
    known = {name for project in {*projects, *mine.values()} for name in names(project)}
    return tuple(os.path.relpath(folder) for folder in sorted(mine) if folder.name not in known)


def _all_of(tops: Iterable[Path]) -> Iterator[Source]:
    for top in tops:
        with suppress(NotFound):
            yield from find((str(top),))
