"""One build at a time, also where the file system can't promise it, and no folder too many."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from servespec.writer import lock


@pytest.mark.parametrize("number", [errno.EBADF, errno.ENOLCK, errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_without_locks(out: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A build goes on there, as the only one."""

    def none(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("fcntl.flock", none)
    with lock.locked(str(out)):
        assert out.is_dir()


def test_a_lock_that_fails_otherwise(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other error ends the build, leaves nothing open, and takes away the folders that were made."""

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("fcntl.flock", fails)
    before = os.listdir("/proc/self/fd")
    with pytest.raises(OSError, match="Input/output error"), lock.locked(str(out / "a/b")):
        raise AssertionError("it was not locked")
    assert not out.exists()
    assert os.listdir("/proc/self/fd") == before


def test_the_lock_is_given_back(out: Path) -> None:
    """After the build the folder stands, is no longer locked, and not open."""
    before = os.listdir("/proc/self/fd")
    for _ in range(2):
        with lock.locked(str(out / "a")):
            pass
    assert (out / "a").is_dir()
    assert os.listdir("/proc/self/fd") == before


def test_folders_that_are_used_meanwhile_stay(out: Path) -> None:
    """A build that fails takes away what it made, unless somebody put a file there."""

    def save() -> None:
        with lock.locked(str(out / "a/b")):
            (out / "mine").write_text("1")
            raise KeyError

    with pytest.raises(KeyError):
        save()
    assert os.listdir(out) == ["mine"]


def test_a_folder_that_another_build_makes_at_the_same_time(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is as good, and not taken away by this one."""
    real = os.mkdir

    def mkdir(path: str, mode: int = 0o777) -> None:
        real(path, mode)
        if path == str(out):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)

    monkeypatch.setattr(os, "mkdir", mkdir)
    with suppress(KeyError), lock.locked(str(out / "a")):
        raise KeyError
    assert os.listdir(out) == []


def test_what_is_locked_is_what_stands_there(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that was made anew while a build waited for the old one is locked instead of it."""
    real, waits = lock._flock, []

    def wait(fd: int) -> None:
        real(fd)
        if not waits:
            out.rmdir()
            out.mkdir()
        waits.append(os.fstat(fd).st_ino)

    monkeypatch.setattr(lock, "_flock", wait)
    before = os.listdir("/proc/self/fd")
    with lock.locked(str(out)):
        assert len(waits) == 2
        assert len(os.listdir("/proc/self/fd")) == len(before) + 1
    assert os.listdir("/proc/self/fd") == before


def test_a_relative_output_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made where the build was started."""
    monkeypatch.chdir(tmp_path)
    with lock.locked("deploy"):
        assert os.listdir() == ["deploy"]
