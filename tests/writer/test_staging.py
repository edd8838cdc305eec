"""What is not ours is in the new tree as it was, whether it could be linked or had to be copied."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.artifacts import Recipe
from servespec.writer import WriteFailed, apply, plan

OLD, NEW = {"a": "1\n"}, {"a": "2\n"}
LARGE = bytes(range(256)) * (9 << 10)  # more than is read at once


@pytest.fixture
def root(lab: SimpleNamespace, out: Path) -> Path:
    """A folder that was built before, with what a person may have in it."""
    apply(plan(lab.tree(OLD), out))
    root = out / "fraud"
    (root / "notes").mkdir()
    (root / "notes/large").write_bytes(LARGE)
    (root / "notes/program").write_text("exit 0\n")
    (root / "notes/link").symlink_to("../nowhere")
    os.mkfifo(root / "notes/pipe")
    for name, mode in (("large", 0o604), ("program", 0o2751), ("pipe", 0o622)):
        (root / "notes" / name).chmod(mode)
        os.utime(root / "notes" / name, ns=(10**18 + 1, 10**18 + 3))
    return root


def _all(folder: Path) -> dict[str, tuple[int, int, object]]:
    """Mode, time and content of each thing in a folder; a link has no time that could be set everywhere."""
    seen: dict[str, tuple[int, int, object]] = {}
    for path in sorted(folder.iterdir()):
        info = path.lstat()
        if path.is_symlink():
            seen[path.name] = (stat.S_IFLNK, 0, os.readlink(path))
        else:
            content = path.read_bytes() if path.is_file() else None
            seen[path.name] = (info.st_mode, info.st_mtime_ns, content)
    return seen


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS])
def test_what_cannot_be_linked_is_copied(
    lab: SimpleNamespace, root: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Whatever the system's reason is, the copies have content, mode and time of what was there."""

    def no_link(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    before = _all(root / "notes")
    monkeypatch.setattr(os, "link", no_link)
    assert apply(plan(lab.tree(NEW), root.parent)).rescued == ()
    assert _all(root / "notes") == before


def test_what_is_linked_is_the_same_file(lab: SimpleNamespace, root: Path) -> None:
    """Nothing of a person's is copied where that can be helped, and a link is carried, not what it leads to."""
    before = {path.name: path.lstat().st_ino for path in (root / "notes").iterdir()}
    apply(plan(lab.tree(NEW), root.parent))
    assert {path.name: path.lstat().st_ino for path in (root / "notes").iterdir()} == before


@pytest.mark.parametrize("call", ["link", "scandir"])
def test_any_other_failure_is_named_from_the_output(
    lab: SimpleNamespace, root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A disk that fails is told with the whole path, and the stage is gone."""

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    (root / "notes/deep").mkdir()
    before, planned = lab.picture(root), plan(lab.tree(NEW), root.parent)
    with monkeypatch.context() as failing:
        failing.setattr(os, call, broken)
        with pytest.raises(WriteFailed) as failed:
            apply(planned)
    path = f"{root}/notes/large" if call == "link" else root
    assert str(failed.value) == f"`{path}`: Input/output error; nothing was changed"
    assert lab.picture(root) == before
    assert os.listdir(root.parent) == ["fraud"]


def test_a_disk_that_takes_little_at_once(lab: SimpleNamespace, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write of less than all is followed by another one."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:5]))
    recipe = Recipe(lambda: iter((b"", b"0123456789abc", b"", b"def")), "f")
    apply(plan(lab.tree({"a": "eleven char", "b": recipe}), out))
    assert (out / "fraud/a").read_text() == "eleven char"
    assert (out / "fraud/b").read_bytes() == b"0123456789abcdef"


def test_folders_of_ours_that_are_empty_go_and_theirs_stay(lab: SimpleNamespace, out: Path) -> None:
    """At any depth; one in which a person has something stays for that."""
    apply(plan(lab.tree({"x/y/z": "1", "x/y/w/v": "1", "u/t": "1"}), out))
    (out / "fraud/x/y/mine").write_text("1")
    (out / "fraud/u/empty").mkdir()
    apply(plan(lab.tree({"a": "1"}), out))
    assert set(lab.picture(out / "fraud")) == {".servespec.json", "a", "u", "u/empty", "x", "x/y", "x/y/mine"}


def test_nothing_stays_open(lab: SimpleNamespace, root: Path) -> None:
    """Neither what was carried nor what was written, nor the lock."""
    before = os.listdir("/proc/self/fd")
    apply(plan(lab.tree(NEW), root.parent))
    assert os.listdir("/proc/self/fd") == before


def test_a_file_that_becomes_a_link_meanwhile_is_not_followed(
    lab: SimpleNamespace, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it leads to is copied nowhere: the build ends, and the next one carries the link."""
    (tmp_path / "elsewhere").write_text("not for the output")

    def no_link(name: str, *_: object, **__: object) -> None:
        if name == "program":
            (root / "notes/program").unlink()
            (root / "notes/program").symlink_to(tmp_path / "elsewhere")
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    planned = plan(lab.tree(NEW), root.parent)
    with monkeypatch.context() as linking:
        linking.setattr(os, "link", no_link)
        with pytest.raises(WriteFailed, match="notes/program`: Too many levels"):
            apply(planned)
    apply(plan(lab.tree(NEW), root.parent))
    assert os.readlink(root / "notes/program") == str(tmp_path / "elsewhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("allowed", [True, False])
def test_who_owns_a_copy(lab: SimpleNamespace, root: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool) -> None:
    """Its owner stays, where this user may give files away; else it is of who builds."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    os.chown(root / "notes/large", 65534, 65533)
    monkeypatch.setattr(os, "link", refused)
    if not allowed:
        monkeypatch.setattr(os, "chown", refused)
    apply(plan(lab.tree(NEW), root.parent))
    info = (root / "notes/large").stat()
    assert (info.st_uid, info.st_gid) == ((65534, 65533) if allowed else (0, 0))
    assert (stat.S_IMODE(info.st_mode), (root / "notes/large").read_bytes()) == (0o604, LARGE)
