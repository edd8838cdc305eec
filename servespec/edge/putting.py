"""Files put into another folder as an image's COPY would, without the bytes where the disk can do without."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def put(source: Path, target: Path) -> None:
    """Put a file to `target`, or what a folder holds into the folder `target`."""
    for path, below in _files(source):
        place = target / below
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        try:
            # Not a symbolic link: servers look where a file really is, and refuse one outside of their folder.
            os.link(path, place)
        except OSError:  # another disk, or a file of somebody else's
            shutil.copy2(path, place)


def _files(source: Path) -> Iterator[tuple[Path, Path]]:
    """The real path of each file, and its path below `source`."""
    if not source.is_dir():
        yield source.resolve(), Path()
        return
    for root, _, names in os.walk(source, followlinks=True):
        for name in names:
            path = Path(root, name)
            yield path.resolve(), path.relative_to(source)


def save(path: Path, data: bytes) -> None:
    """Put the bytes into a file, all of them or none; one that is there keeps its mode."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with passing.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, passing)
        os.replace(passing, path)
    finally:
        passing.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Remove a folder of ours with all in it; nothing happens when it is not there."""
    if folder.exists():
        shutil.rmtree(folder)
