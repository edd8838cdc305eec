"""What a build notes before it changes anything is read back by whoever clears up, or not at all."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servespec.writer.journal import Journal, Stage, load, stamp

FULL = Journal(
    7, {"a": (1, 2, 3)}, {"bé": ((4, 5, 6), (7, 8, 9))}, {"c": "sha256:00", "d": "link:\udcff"}, {"c": "sha256:11"}
)


@pytest.mark.parametrize("journal", [FULL, Journal(7)])
def test_it_reads_back(tmp_path: Path, journal: Journal) -> None:
    """All of it, names that are no text too."""
    journal.save(str(tmp_path / "journal"))
    assert load(str(tmp_path / "journal")) == journal
    assert (tmp_path / "journal").read_bytes().isascii()


def test_another_builds_is_not_overwritten(tmp_path: Path) -> None:
    """The first one has to be cleared up before."""
    Journal(1).save(str(tmp_path / "journal"))
    with pytest.raises(FileExistsError):
        Journal(2).save(str(tmp_path / "journal"))
    assert load(str(tmp_path / "journal")) == Journal(1)


@pytest.mark.parametrize("part", [0, 1, 30, -1])
def test_one_whose_writer_was_killed_says_nothing(tmp_path: Path, part: int) -> None:
    """It is complete before the exchange: half a journal means that nothing was exchanged."""
    FULL.save(str(tmp_path / "journal"))
    text = (tmp_path / "journal").read_text()
    (tmp_path / "journal").write_text(text[:part])
    assert load(str(tmp_path / "journal")) is None


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", "5", '{"root": 1, "linked": 5, "copied": {}, "replaced": {}, "written": {}}',
        '{"root": 1, "linked": {"a": 5}, "copied": {}, "replaced": {}, "written": {}}',
        '{"root": 1, "linked": {}, "copied": {"a": [[1, 2, 3]]}, "replaced": {}, "written": {}}',
        '{"root": 1, "linked": {}, "copied": {}, "replaced": [[1, 2]], "written": {}}',
        '{"root": 1, "linked": {}, "copied": {}, "replaced": {}, "written": 5}',
        '{"linked": {}, "copied": {}, "replaced": {}, "written": {}}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_no_build_has_written_says_nothing(tmp_path: Path, text: str) -> None:
    """Anybody can commit such a file beside the output."""
    (tmp_path / "journal").write_text(text)
    assert load(str(tmp_path / "journal")) is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """One to a whole journal says as little as one to a device without an end would."""
    FULL.save(str(tmp_path / "elsewhere"))
    (tmp_path / "journal").symlink_to("elsewhere")
    assert load(str(tmp_path / "journal")) is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes to it."""
    os.mkfifo(tmp_path / "journal")
    load_it = "import sys; from servespec.writer.journal import load; print(load(sys.argv[1]))"
    command = [sys.executable, "-c", load_it, str(tmp_path / "journal")]
    assert subprocess.run(command, capture_output=True, text=True, timeout=30).stdout == "None\n"


def test_a_folder_stays(tmp_path: Path) -> None:
    """Somebody may have put something into it: the error names it, and it is not cleared up."""
    (tmp_path / "journal").mkdir()
    with pytest.raises(IsADirectoryError, match=re.escape(str(tmp_path / "journal"))):
        load(str(tmp_path / "journal"))


def test_a_disk_that_fails_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal that is there and can't be read is not taken for none: what it says may have been exchanged."""
    FULL.save(str(tmp_path / "journal"))

    def failing(path: str, flags: int) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO), path)

    monkeypatch.setattr(os, "open", failing)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        load(str(tmp_path / "journal"))


def test_none_says_nothing(tmp_path: Path) -> None:
    """There was no build, or it was cleared up."""
    assert load(str(tmp_path / "journal")) is None


def test_a_stamp_sees_that_a_file_was_saved(tmp_path: Path) -> None:
    """Its inode, its size and its time."""
    (tmp_path / "a").write_text("123")
    info = (tmp_path / "a").stat()
    assert stamp(info) == (info.st_ino, 3, info.st_mtime_ns)


def test_the_places_beside_the_output(tmp_path: Path) -> None:
    """Each is hidden, and two of them tell that a build was cut short."""
    stage = Stage.beside(tmp_path, "fraud")
    hidden = tmp_path / ".servespec-fraud"
    assert (stage.new, stage.old, stage.journal) == (f"{hidden}.new", f"{hidden}.old", f"{hidden}.journal")
    assert stage.live == str(tmp_path / "fraud")
    assert not stage.is_left()
    for path in (stage.new, stage.journal):
        Path(path).symlink_to("nowhere")
        assert stage.is_left()
        Path(path).unlink()
