"""One build at a time in an output folder: a lock on the folder itself, so that no lock file is left."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from servespec.writer.disk import FOLDER_FLAGS

# NFS takes no lock on a folder that is open for reading. Builds there work, one at a time.
_NO_LOCKS = (errno.EBADF, errno.ENOLCK, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


@contextmanager
def locked(out: str) -> Iterator[None]:
    """The folder exists and is ours alone; when the body fails, folders made here are gone again."""
    made: list[str] = []
    fd: int | None = None
    try:
        fd = _hold(out, made)
        yield
    except BaseException:
        with suppress(OSError):  # somebody may have put a file there: then they stay
            for folder in reversed(made):
                os.rmdir(folder)
        raise
    finally:
        if fd is not None:
            with suppress(OSError):  # nothing was written to it, and it is closed either way
                os.close(fd)


def _hold(out: str, made: list[str]) -> int:
    while True:
        _make(out, made)
        fd = os.open(out, FOLDER_FLAGS)
        try:
            _flock(fd)
            if _is_still(fd, out):
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)  # the one who made it failed, and has removed it while we waited


def _flock(fd: int) -> None:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


def _is_still(fd: int, out: str) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), os.lstat(out))
    except FileNotFoundError:
        return False


def _make(folder: str, made: list[str]) -> None:
    if os.path.isdir(folder):
        return
    parent = os.path.dirname(folder)
    if parent:
        _make(parent, made)
    try:
        os.mkdir(folder)
    except FileExistsError:
        return  # another build was first, or it is no folder, as opening it will tell
    made.append(folder)
    os.chmod(folder, 0o755)  # whatever the umask
