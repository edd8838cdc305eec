"""The files that together are one spec: which there are, and what is in them."""

from __future__ import annotations

import os
import re
import stat
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from servespec.cli.find import ROOT_FILE, Source, overlay_environment
from servespec.diagnostics.visible import escaped
from servespec.edge.gather import GIT, leads_out, repository

if TYPE_CHECKING:
    from servespec.pipeline import Texts

# Such a path would end a line of what is told about the spec, and begin one that a terminal or a CI system obeys; the
# commands that are printed to be typed would break as well.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_MOST = 2 << 20  # twice what `source` takes: enough for it to see that a file is too large


def read(source: Source) -> tuple[Texts, tuple[Path, ...]]:
    """The texts of a spec, and every path that was read. Raises OSError when one can't be."""
    from servespec.pipeline import File, Texts

    if _CONTROL.search(str(source.path)):
        raise OSError(f"{escaped(source.shown)} has a control character in its path: rename that folder or file")
    beside: dict[str, Path] = {}
    for path in sorted(source.project.iterdir()):
        name = overlay_environment(path, source.path)
        if name and path.is_file() and (first := beside.setdefault(name, path)) != path:
            raise OSError(f"{first.name} and {path.name} are overlays of one environment: keep one of them")
    overlays = {name: File(source.beside(path), data_inside(path)) for name, path in beside.items()}
    spec = File(source.shown, data_inside(source.path))
    candidates, decided = _root_files(source.project)
    others = [path.with_suffix(".yml") for path in candidates]
    if stray := next((path for path in others if path.is_file()), None):
        raise OSError(f"{os.path.relpath(stray)} would not be read: call it {ROOT_FILE}")
    root = File(os.path.relpath(candidates[-1]), data_inside(candidates[-1])) if candidates[-1].is_file() else None
    kept = lock_of(source)
    lock = File(source.beside(kept), data_inside(kept)) if kept.is_file() else None
    return Texts(spec, overlays, root, lock), (source.path, *beside.values(), *candidates, *others, *decided, kept)


def lock_of(source: Source) -> Path:
    """Where the lock of a spec is: `serving.lock` of a `serving.yaml`."""
    return source.path.with_suffix(".lock")


def _root_files(project: Path) -> tuple[list[Path], list[Path]]:
    """Where a root file is looked for: in the project folder and above it, up to the first one or the repository's
    root. Only the last of them can be there. Outside of a repository, as in an unpacked archive or an image, up to the
    file system's root or a folder like `/tmp`, in which anybody could put one; the second paths are those whose coming
    or going would make it another repository's, or none's."""
    top = repository(project)
    is_repository = (top / GIT).exists()
    looked: list[Path] = []
    for folder in (project, *project.parents):
        if not is_repository and looked and _is_anybodys(folder):
            break
        looked.append(folder / ROOT_FILE)
        if looked[-1].is_file() or (is_repository and folder.resolve() == top):
            break
    return looked, _marks(project.resolve(), top) if is_repository else [path.with_name(GIT) for path in looked]


def _marks(project: Path, top: Path) -> list[Path]:
    """What makes `top` the repository of the project folder: its own mark, and that none is nearer. A folder `.git`
    changes with every command of git; the file in it that each repository has does not."""
    own = top / GIT
    nearer = takewhile(lambda folder: folder != top, (project, *project.parents))
    return [*(folder / GIT for folder in nearer), own / "config" if own.is_dir() else own]


def _is_anybodys(folder: Path) -> bool:
    """Whether anybody may write in it."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)


def data_inside(path: Path) -> bytes:
    """What `data_of` sees of a file in a repository. A link that leads out of it is not followed: a spec's lines are
    shown beside what is wrong with them, and whoever commits a link may not read what it leads to. Raises OSError."""
    # `/dev/stdin` and `<(…)` of a shell are links as well, which nobody commits.
    is_a_streams = str(path).startswith(("/dev/", "/proc/"))
    if path.is_symlink() and not is_a_streams and leads_out(path, path.parent):
        raise OSError(f"{os.path.relpath(path)} is a link to the outside: put the file itself in its place")
    return data_of(path)


def data_of(path: Path) -> bytes:
    """What is in a file, as far as `source` may want to see of it."""
    with path.open("rb") as file:
        return file.read(_MOST)
