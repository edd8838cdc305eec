"""`servespec schema`: printed as it is, and put beside specs without harming what is not its own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from servespec import package_data
from servespec.cli.main import run

_COPY = Path(".servespec", "serving.schema.json")
_TEXT = package_data.read("schema/serving.schema.json")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec in it, where the command runs."""
    (tmp_path / "serving.yaml").write_text("name: fraud\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """The schema comes out byte for byte, so that it can be redirected into a file."""
    assert run(["schema"]) == 0
    assert capfd.readouterr().out == _TEXT


def test_it_is_put_beside_the_nearest_spec(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder below, the copy lands beside the spec above, and a second run changes nothing."""
    (project / "model").mkdir()
    monkeypatch.chdir(project / "model")
    assert run(["schema", "--write"]) == 0
    assert (project / _COPY).read_text() == _TEXT
    assert run(["schema", "--write"]) == 0
    assert (project / _COPY).read_text() == _TEXT


def test_it_is_put_beside_every_spec(project: Path) -> None:
    """A folder stands for every spec below it."""
    for name in ("a", "b"):
        (project / name).mkdir()
        (project / name / "serving.yaml").touch()
    assert run(["schema", "--write", "a", "b"]) == 0
    assert (project / "a" / _COPY).read_text() == (project / "b" / _COPY).read_text() == _TEXT
    assert not (project / _COPY).exists()


def test_an_older_copy_is_replaced(project: Path) -> None:
    """A copy that another version of servespec put there is brought up to date."""
    (project / _COPY).parent.mkdir()
    (project / _COPY).write_text(json.dumps({"$id": json.loads(_TEXT)["$id"], "title": "an older one"}))
    assert run(["schema", "--write"]) == 0
    assert (project / _COPY).read_text() == _TEXT


def test_a_copy_stays_whole_on_a_full_disk(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a copy would be taken for somebody else's file from then on."""
    older = json.dumps({"$id": json.loads(_TEXT)["$id"], "title": "an older one"})
    (project / _COPY).parent.mkdir()
    (project / _COPY).write_text(older)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert run(["schema", "--write"]) == 5
    assert [path.read_text() for path in (project / _COPY).parent.iterdir()] == [older]


@pytest.mark.parametrize(
    "content", [b'{"$id": "https://example.com/mine"}', b"notes", b"[]", b"\xff\xfe", b"[" * 100_000]
)
def test_a_file_of_somebody_else_is_left_alone(
    project: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever stands at the copy's path without being a copy is refused by a sentence, and survives."""
    (project / _COPY).parent.mkdir()
    (project / _COPY).write_bytes(content)
    assert run(["schema", "--write"]) == 4
    assert (project / _COPY).read_bytes() == content
    assert str(_COPY) in capfd.readouterr().err


def test_a_link_out_of_the_repository_is_not_followed(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever commits a link is not helped to write elsewhere; one to a copy in the same repository is followed."""
    outside = tmp_path_factory.mktemp("outside")
    (project / ".servespec").symlink_to(outside)
    assert run(["schema", "--write"]) == 4
    assert capfd.readouterr().err == f"servespec: {_COPY} is behind a link to the outside, and was left alone\n"
    assert not list(outside.iterdir())
    (project / ".servespec").unlink()
    (project / "shared").mkdir()
    (project / ".servespec").symlink_to("shared")
    assert run(["schema", "--write"]) == 0
    assert (project / "shared" / _COPY.name).read_text() == _TEXT


def test_without_a_spec_there_is_no_beside(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where no spec is, nothing is written and the user is told."""
    (project / "serving.yaml").unlink()
    (project / ".git").mkdir()
    assert run(["schema", "--write"]) == 2
    assert "no serving.yaml" in capfd.readouterr().err
    assert not (project / ".servespec").exists()


def test_paths_need_write(capfd: pytest.CaptureFixture[str]) -> None:
    """A path without `--write` would mean nothing, and is not ignored."""
    assert run(["schema", "serving.yaml"]) == 2
    assert "--write" in capfd.readouterr().err
