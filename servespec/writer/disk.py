"""`DIR/<name>` as it stands: every component is opened without following links."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from enum import Enum, auto
from pathlib import Path
from types import TracebackType

from servespec.records import dataclass

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: opening a pipe that nobody writes to must not wait.
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_KEPT = 8 << 20
CHUNK = 1 << 20


class Kind(Enum):
    """What stands at a path."""

    NOTHING = auto()
    FILE = auto()
    FOLDER = auto()
    OTHER = auto()
    """A link, a pipe, a socket, a device."""
    BLOCKED = auto()
    """A folder on the way is a link or no folder."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a path found."""

    kind: Kind
    data: bytes | None = None
    """The content of a file of moderate size."""
    sha256: str = ""
    """Filled for the files whose content was too large to keep."""
    executable: bool = False
    identity: str = ""
    """For what is neither file nor folder: a text that changes when something else stands there."""
    note: str = ""
    """For what is in the way: a sentence."""

    def digest(self) -> str:
        """SHA-256 of a file's content, as hex."""
        return self.sha256 or hashlib.sha256(self.data or b"").hexdigest()

    def seen(self) -> str:
        """A text that changes when something else stands there."""
        return f"sha256:{self.digest()}" if self.kind is Kind.FILE else self.identity


_NOTHING = Sight(Kind.NOTHING)


class Live:
    """The folder `DIR/<name>`, held open; absent, or not a folder, it can still be looked at."""

    def __init__(self, out: Path, name: str) -> None:
        self.path = os.path.join(out, name)
        self._folders: dict[str, int | Sight] = {}
        self._folders[""] = _open_root(os.fspath(out), name)

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for folder in self._folders.values():
            if isinstance(folder, int):
                os.close(folder)

    @property
    def fd(self) -> int | None:
        """The open folder; None when there is none."""
        root = self._folders[""]
        return root if isinstance(root, int) else None

    def was_exchanged(self) -> bool:
        """Whether the open folder is no longer the one at its path."""
        if self.fd is None:
            return False
        try:
            return not os.path.samestat(os.fstat(self.fd), os.lstat(self.path))
        except FileNotFoundError:
            return True

    def look(self, path: str) -> Sight:
        """What stands at `path`."""
        parent, _, name = path.rpartition("/")
        folder = self._folder(parent)
        if isinstance(folder, Sight):
            return folder
        try:
            return look(name, folder)
        except OSError as error:
            error.filename = f"{self.path}/{path}"
            raise

    def _folder(self, path: str) -> int | Sight:
        known = self._folders.get(path)
        if known is None:
            parent, _, name = path.rpartition("/")
            above = self._folder(parent)
            known = above if isinstance(above, Sight) else _open_folder(name, above, f"{self.path}/{path}")
            self._folders[path] = known
        return known


def look(name: str, folder: int | None = None) -> Sight:
    """What stands at `name` in an open folder; files are read."""
    try:
        fd = os.open(name, FILE_FLAGS, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return _NOTHING
        # ELOOP: a link. ENXIO, ENODEV: a socket or a device without a driver.
        if error.errno in (errno.ELOOP, errno.ENXIO, errno.ENODEV):
            return _look_at_other(name, folder)
        raise
    try:
        return _read(fd)
    finally:
        os.close(fd)


def _read(fd: int) -> Sight:
    info = os.fstat(fd)
    if stat.S_ISDIR(info.st_mode):
        return Sight(Kind.FOLDER)
    if not stat.S_ISREG(info.st_mode):
        return Sight(Kind.OTHER, identity=f"inode:{info.st_ino}")
    executable = bool(info.st_mode & stat.S_IXUSR)
    data = os.read(fd, min(info.st_size, _KEPT) + 1)
    if len(data) == info.st_size:
        return Sight(Kind.FILE, data, executable=executable)
    digest = hashlib.sha256(data)
    while chunk := os.read(fd, CHUNK):
        digest.update(chunk)
    return Sight(Kind.FILE, None, digest.hexdigest(), executable)


def _look_at_other(name: str, folder: int | None) -> Sight:
    info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISLNK(info.st_mode):
        return Sight(Kind.OTHER, identity=f"link:{os.readlink(name, dir_fd=folder)}")
    return Sight(Kind.OTHER, identity=f"inode:{info.st_ino}")


def _open_root(out: str, name: str) -> int | Sight:
    parent = _open_folder(out, None, out)
    if isinstance(parent, Sight):
        return parent
    try:
        return _open_folder(name, parent, os.path.join(out, name))
    finally:
        os.close(parent)


def _open_folder(name: str, parent: int | None, shown: str) -> int | Sight:
    try:
        return os.open(name, FOLDER_FLAGS, dir_fd=parent)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return _NOTHING
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            return Sight(Kind.BLOCKED, note=_in_the_way(name, parent, shown))
        error.filename = shown
        raise


def _in_the_way(name: str, parent: int | None, shown: str) -> str:
    try:
        link = stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)
    except OSError:
        return f"the path `{shown}` leads through something that is not a folder"
    what = "a symbolic link, which is never followed" if link else "not a folder"
    return f"`{shown}` is {what}; move it away"


def stands(path: str) -> bool:
    """Whether anything is at `path`, be it a broken link. Unlike `lexists`, an error is not taken for nothing."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def is_folder(path: str) -> bool:
    """Whether a folder itself is at `path`, not a link to one."""
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
