"""Files put into another folder as an image's COPY would."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from servespec.edge.putting import put, save
from tests.projects import picture


def _tree(folder: Path) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / "a").write_text("a")
    (folder / "sub" / "b").write_text("b")
    (folder / "link").symlink_to("a")
    return folder


def test_what_a_folder_holds(tmp_path: Path) -> None:
    """As with COPY, it is the content of a folder that is put, and a link becomes what it leads to."""
    source = _tree(tmp_path / "source")
    put(source, tmp_path / "target")
    assert picture(tmp_path / "target") == {"a": b"a", "sub/b": b"b", "link": b"a"}
    assert not (tmp_path / "target" / "link").is_symlink()


def test_onto_another(tmp_path: Path) -> None:
    """A file in the way is replaced, and the one that it is made of stays as it was."""
    (tmp_path / "one").write_text("one")
    (tmp_path / "two").write_text("two")
    put(tmp_path / "one", tmp_path / "in" / "file")
    put(tmp_path / "two", tmp_path / "in" / "file")
    assert (tmp_path / "in" / "file").read_text() == "two"
    assert (tmp_path / "one").read_text() == "one"


def test_on_another_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file can't be shared it is copied, with its mode."""

    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    source = _tree(tmp_path / "source")
    (source / "a").chmod(0o755)
    put(source, tmp_path / "target")
    assert picture(tmp_path / "target") == {"a": b"a", "sub/b": b"b", "link": b"a"}
    assert os.access(tmp_path / "target" / "a", os.X_OK)


def test_saving_after_one_that_was_killed(tmp_path: Path) -> None:
    """What another one left behind is taken, and nothing of it stays."""
    (tmp_path / "spec").write_text("before")
    (tmp_path / "spec").chmod(0o640)
    (tmp_path / ".spec.saving").write_text("half of something that was longer")
    save(tmp_path / "spec", b"after")
    assert picture(tmp_path) == {"spec": b"after"}
    assert (tmp_path / "spec").stat().st_mode & 0o777 == 0o640


def test_saving_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full the file stays as it was, alone."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "spec").write_text("before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(tmp_path / "spec", b"after")
    assert picture(tmp_path) == {"spec": b"before"}


def test_saving_four_times_at_once(tmp_path: Path) -> None:
    """Of several that save at once one is the last, and whole."""
    texts = [bytes([number]) * 100_000 * number for number in range(1, 5)]
    for _ in range(10):
        threads = [Thread(target=save, args=(tmp_path / "spec", text)) for text in texts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert list(picture(tmp_path)) == ["spec"]
        assert (tmp_path / "spec").read_bytes() in texts
