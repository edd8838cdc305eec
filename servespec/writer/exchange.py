"""Putting a prepared folder where the live one stands: in one call where the system has it, else in two.

The two-call way leaves its own journal: while `aside` exists and `live` does not, the old tree is to be put back.
"""

from __future__ import annotations

import errno
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from servespec.writer.disk import stands

if TYPE_CHECKING:
    from collections.abc import Callable

# linux/fcntl.h and linux/fs.h
_AT_FDCWD = -100
_NOREPLACE = 1
_EXCHANGE = 2
# What a kernel, a sandbox or a file system answers that does not know the flags; NFS says EINVAL.
_UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


def put(new: str, live: str) -> None:
    """Nothing stood at `live`, and `new` does now. FileExistsError when something stood there after all."""
    if not _renameat2(new, live, _NOREPLACE):
        if stands(live):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), live)
        os.rename(new, live)


def swap(new: str, live: str, aside: str) -> None:
    """`new` stands at `live`; what stood there is at `new`, or at `aside` where swapping took two calls."""
    if not _renameat2(new, live, _EXCHANGE):
        os.rename(live, aside)
        os.rename(new, live)


def _renameat2(source: str, target: str, flag: int) -> bool:
    """Whether the system could do it; an OSError when it can and would not."""
    call = _find()
    if call is None:
        return False
    import ctypes

    if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), target)


@cache
def _find() -> Callable[..., Any] | None:
    import ctypes  # start-up: only a build that writes needs it

    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # glibc before 2.28, musl, other systems
        return None
    call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    call.restype = ctypes.c_int
    return call
