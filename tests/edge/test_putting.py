"""Files put into another folder as an image's COPY would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servespec.edge.putting import put
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
