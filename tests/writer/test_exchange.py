"""Two folders change places in one call where the system has it, and whatever else it answers is told."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from servespec.writer import exchange

UNSUPPORTED = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)


def _answering(number: int) -> Callable[[], Callable[..., int]]:
    def call(*_: object) -> int:
        ctypes.set_errno(number)
        return -1

    return lambda: call


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, str, str, str]:
    """A new folder and a live one, each with a file named after it."""
    for name in ("new", "live"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text("")
    return (tmp_path, *(str(tmp_path / name) for name in ("new", "live", "old")))  # type: ignore[return-value]


@pytest.mark.parametrize("find", [lambda: None, *map(_answering, UNSUPPORTED)])
def test_a_system_that_cannot_exchange(
    folders: tuple[Path, str, str, str], monkeypatch: pytest.MonkeyPatch, find: Callable[[], object]
) -> None:
    """Without the call, or with a file system that does not know its flags, two renames do it."""
    root, new, live, old = folders
    monkeypatch.setattr(exchange, "_find", find)
    exchange.swap(new, live, old)
    assert {path.name: os.listdir(path) for path in root.iterdir()} == {"live": ["new"], "old": ["live"]}


def test_a_system_that_can_exchange(folders: tuple[Path, str, str, str]) -> None:
    """The old tree is at the place of the new one."""
    if exchange._find() is None:
        pytest.skip("this system has no renameat2")
    root, new, live, old = folders
    exchange.swap(new, live, old)
    assert {path.name: os.listdir(path) for path in root.iterdir()} == {"live": ["new"], "new": ["live"]}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.ENOENT])
def test_a_system_that_will_not_exchange(
    folders: tuple[Path, str, str, str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Any other answer is an error that names the live folder, and no rename is tried."""
    root, new, live, old = folders
    monkeypatch.setattr(exchange, "_find", _answering(number))
    with pytest.raises(OSError, match=os.strerror(number)) as raised:
        exchange.swap(new, live, old)
    assert (raised.value.errno, raised.value.filename) == (number, live)
    assert {path.name: os.listdir(path) for path in root.iterdir()} == {"live": ["live"], "new": ["new"]}
