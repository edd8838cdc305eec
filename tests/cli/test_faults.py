"""The disk in every bad mood: a sentence that names the place, the right exit code, and nothing lost."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import SPEC, picture, servespec, write

_NAME = "fraud-detector"


def test_an_output_folder_that_is_a_link(project: Path, tmp_path: Path) -> None:
    """A link in the place of a spec's own folder is not followed: what it leads to is somebody else's."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.txt").write_text("mine")
    (project / "deploy").mkdir()
    (project / "deploy" / _NAME).symlink_to(tmp_path / "elsewhere")
    done = servespec(project, "build")
    assert done.exit in (4, 5)
    assert str(project / "deploy" / _NAME) in done.err
    assert "Traceback" not in done.err
    assert picture(tmp_path / "elsewhere") == {"mine.txt": b"mine"}


def test_a_folder_in_the_output_that_is_a_link(project: Path, tmp_path: Path) -> None:
    """A link in the place of a target's folder is not followed either, not even by force."""
    (tmp_path / "elsewhere").mkdir()
    (project / "deploy" / _NAME).mkdir(parents=True)
    (project / "deploy" / _NAME / "docker").symlink_to(tmp_path / "elsewhere")
    for arguments in (["build"], ["build", "--force"]):
        servespec(project, *arguments)
        assert picture(tmp_path / "elsewhere") == {}


def test_a_file_of_a_person_moves_along(project: Path) -> None:
    """What lies in the output and is nobody's business of ours is there after a build as before."""
    servespec(project, "build")
    notes = project / "deploy" / _NAME / "docker" / "notes.txt"
    notes.write_text("mine")
    write(project, SPEC + "runtime: {workers: 2}\n", files={})
    assert servespec(project, "build").exit == 0
    assert notes.read_text() == "mine"
    assert servespec(project, "build", "--check").exit == 0


@pytest.mark.parametrize("at", ["deploy", f"deploy/{_NAME}"])
def test_a_file_in_the_place_of_a_folder(project: Path, at: str) -> None:
    """It is refused or fails with a sentence, and the file stays."""
    (project / at).parent.mkdir(exist_ok=True)
    (project / at).write_text("mine")
    done = servespec(project, "build")
    assert done.exit in (4, 5)
    assert str(project / at) in done.err
    assert (project / at).read_text() == "mine"


def test_a_folder_in_the_place_of_a_file(project: Path) -> None:
    """Where a file of ours should go and a folder stands, the folder stays."""
    (project / "deploy" / _NAME / "docker" / "Dockerfile").mkdir(parents=True)
    (project / "deploy" / _NAME / "docker" / "Dockerfile" / "mine.txt").write_text("mine")
    done = servespec(project, "build")
    assert done.exit in (4, 5)
    assert "Dockerfile" in done.err
    assert picture(project / "deploy") == {f"{_NAME}/docker/Dockerfile/mine.txt": b"mine"}


@pytest.mark.parametrize("built", [False, True])
def test_a_disk_that_takes_no_more(project: Path, tmp_path: Path, built: bool) -> None:
    """When a write fails in the middle, the tree is the old one to the last byte, and nothing is left beside it."""
    if built:
        servespec(project, "build")
        write(project, SPEC + "runtime: {workers: 2}\n", files={})
    before = picture(project)
    done = subprocess.run(
        [sys.executable, "-m", "servespec", "build"],
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 5, done.stderr
    assert "File too large; nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert picture(project) == before


def test_a_full_disk(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is exit 5 with the system's own words, and a build after it has been emptied goes well."""
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    done = servespec(project, "build")
    monkeypatch.setattr(os, "write", real)
    assert done.exit == 5
    assert "No space left on device" in done.err
    assert picture(project / "deploy") == {}
    assert servespec(project, "build").exit == 0


def test_a_folder_that_may_not_be_written(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without permission nothing is written, and a sentence says where."""

    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "mkdir", refuse)  # a test that runs as root may write everywhere
    done = servespec(project, "build")
    monkeypatch.undo()
    assert done.exit == 5
    assert "Permission denied" in done.err
    assert not (project / "deploy").exists()


def test_nowhere_to_remember(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a cache folder everything works, only slower."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/cache")
    assert [servespec(project, "build").exit for _ in range(3)] == [0, 0, 0]


def test_a_manifest_that_is_broken(project: Path) -> None:
    """When what is ours is not known any more, nothing is overwritten without force."""
    servespec(project, "build")
    (project / "deploy" / _NAME / ".servespec.json").write_text("{")
    write(project, SPEC + "runtime: {workers: 2}\n", files={})
    before = picture(project / "deploy")
    assert servespec(project, "build").exit == 4
    assert picture(project / "deploy") == before
    assert servespec(project, "build", "--force").exit == 0
    assert servespec(project, "build", "--check").exit == 0
