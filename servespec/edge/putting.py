"""Files put into another folder as an image's COPY would, without the bytes where the disk can do without."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
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
    passing = path.with_name(f".{path.name}.saving")
    with os.fdopen(_held(passing), "wb") as file:
        try:
            file.truncate()  # what is there was left by one that was killed
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, passing)
            os.replace(passing, path)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise


def _held(passing: Path) -> int:
    """The file, open and ours alone until it is closed or bears another name."""
    while True:
        file = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            with suppress(OSError):  # a file system without locks: there one at a time
                fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(file, passing):
                return file
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # the one who had it before us is done with it


def _is_still(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.lstat(path))
    except FileNotFoundError:
        return False


def clear(folder: Path) -> None:
    """Remove a folder of ours with all in it; nothing happens when it is not there."""
    if folder.exists():
        shutil.rmtree(folder)
