"""One look at a path tells what stands there, follows no link, and leaves nothing open."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.writer import WriteFailed, apply, plan
from servespec.writer.disk import Kind, Live, Sight, look

KEPT = 8 << 20


@pytest.mark.parametrize("size", [0, 1, KEPT, KEPT + 2, KEPT + (3 << 20)])
def test_a_file_of_any_size(tmp_path: Path, size: int) -> None:
    """Its hash is that of all of it; up to eight megabytes its content is kept."""
    (tmp_path / "a").write_bytes(b"")
    os.truncate(tmp_path / "a", size)
    sight = look(str(tmp_path / "a"))
    assert sight.digest() == hashlib.sha256(bytes(size)).hexdigest()
    assert sight.seen() == f"sha256:{sight.digest()}"
    assert sight.data == (bytes(size) if size <= KEPT else None)
    assert (sight.kind, sight.executable) == (Kind.FILE, False)


def test_what_is_neither_file_nor_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links, pipes and sockets are told apart from others of their kind, and never read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("1")
    os.symlink("file", "link")
    os.symlink("nowhere", "broken")
    os.mkfifo("pipe")
    os.mkdir("folder")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        sights = {name: look(name) for name in ("link", "broken", "pipe", "socket", "folder", "nothing")}
    inodes = {name: os.lstat(name).st_ino for name in ("pipe", "socket")}
    assert sights == {
        "link": Sight(Kind.OTHER, identity="link:file"),
        "broken": Sight(Kind.OTHER, identity="link:nowhere"),
        **{name: Sight(Kind.OTHER, identity=f"inode:{inode}") for name, inode in inodes.items()},
        "folder": Sight(Kind.FOLDER),
        "nothing": Sight(Kind.NOTHING),
    }
    assert sights["link"].seen() == "link:file"


def test_a_plan_leaves_nothing_open(lab: SimpleNamespace, out: Path) -> None:
    """Neither files nor folders stay open, with or without a folder that is there."""
    before = set(os.listdir("/proc/self/fd"))
    for files in ({"a/b/c": "1", "d": "1"}, {"a/b/c": "2", "d/e": "1"}, {"a/b": "1"}):
        plan(lab.tree(files), out)
        if not plan(lab.tree(files), out).conflicts:
            apply(plan(lab.tree(files), out))
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_folder_that_is_not_there_was_not_exchanged(out: Path) -> None:
    """Only one that was opened can have gone since."""
    with Live(out, "fraud") as live:
        assert live.fd is None
        assert not live.was_exchanged()
    (out / "fraud").mkdir(parents=True)
    with Live(out, "fraud") as live:
        assert not live.was_exchanged()
        (out / "fraud").rename(out / "aside")
        assert live.was_exchanged()
        (out / "fraud").mkdir()
        assert live.was_exchanged()


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_opened_is_named_from_the_output(
    lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """The sentence has the whole path, of which the system was told the last name only."""
    apply(plan(lab.tree({"a/b/c": "1"}), out))
    guilty, real = "c" if what == "file" else "b", os.open

    def broken(name: str, *rest: int, dir_fd: int | None = None) -> int:
        if name == guilty:
            raise OSError(errno.EIO, os.strerror(errno.EIO), name)
        return real(name, *rest, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", broken)
    path = out / "fraud/a/b/c" if what == "file" else out / "fraud/a/b"
    with pytest.raises(WriteFailed, match=f"^`{path}`: Input/output error; nothing was changed$"):
        plan(lab.tree({"a/b/c": "2"}), out)
