"""Where a build prepares its tree, and what it notes so that whoever clears up knows what may go."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import stat
from dataclasses import field
from pathlib import Path

from servespec.records import dataclass
from servespec.writer.disk import FILE_FLAGS, stands


@dataclass(frozen=True, slots=True)
class Stage:
    """The hidden neighbours of `DIR/<name>`, of which a build that ends leaves none."""

    new: str
    """The tree being prepared; after an exchange in one call, the old one."""
    old: str
    """The old tree, where the exchange took two calls."""
    journal: str
    live: str

    @classmethod
    def beside(cls, out: Path, name: str) -> Stage:
        """The stage for `out/name`."""
        hidden = os.path.join(out, f".servespec-{name}")
        return cls(f"{hidden}.new", f"{hidden}.old", f"{hidden}.journal", os.path.join(out, name))

    def is_left(self) -> bool:
        """Whether an earlier build was cut short."""
        # What is removed last is looked at alone: the journal outlives `old`.
        return stands(self.new) or stands(self.journal)


Stamp = tuple[int, int, int]
"""Inode, size and time of modification: enough to see that a file was saved since."""


@dataclasses.dataclass
class Journal:
    """The record of one stage, complete before the exchange begins."""

    root: int
    """The inode of the prepared tree: while `new` has it, the exchange has not happened."""
    linked: dict[str, Stamp] = field(default_factory=dict)
    """What moves along by a second link."""
    copied: dict[str, tuple[Stamp, Stamp]] = field(default_factory=dict)
    """What moves along as a copy: the stamp of the old, and of the new."""
    replaced: dict[str, str] = field(default_factory=dict)
    """What the plan saw at the paths that it overwrites or removes."""
    written: dict[str, str] = field(default_factory=dict)
    """What the new tree holds at the paths that were written."""

    def save(self, path: str) -> None:
        """The journal is at `path`."""
        with open(path, "x", encoding="ascii") as file:
            file.write(json.dumps(vars(self)))


def load(path: str) -> Journal | None:
    """The journal at `path`; None when there is none or its writer was killed: then nothing was exchanged. None as well
    when it is none of ours: whoever sends a change can commit anything there."""
    if (data := _written(path)) is None:
        return None
    try:
        record = json.loads(data)
        stamps = {name: _stamp(value) for name, value in record["linked"].items()}
        pairs = {name: (_stamp(old), _stamp(new)) for name, (old, new) in record["copied"].items()}
        replaced, written = ({**record[part]} for part in ("replaced", "written"))
        return Journal(record["root"], stamps, pairs, replaced, written)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _written(path: str) -> bytes | None:
    """What is in the file at `path`; None when there is none. No link is followed, and no pipe waited for."""
    try:
        fd = os.open(path, FILE_FLAGS)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):  # a link, a socket, or a device without a driver
            return None
        raise
    if not stat.S_ISREG(mode := os.fstat(fd).st_mode):
        os.close(fd)
        if stat.S_ISDIR(mode):  # of somebody who has put something into it, perhaps
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        return None
    with os.fdopen(fd, "rb") as file:
        return file.read()


def _stamp(values: list[int]) -> Stamp:
    inode, size, time = values
    return inode, size, time


def stamp(info: os.stat_result) -> Stamp:
    """The stamp of what was looked at."""
    return info.st_ino, info.st_size, info.st_mtime_ns
