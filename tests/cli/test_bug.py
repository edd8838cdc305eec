"""What a user sees of our bugs: a sentence and a file, with nothing of theirs in it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from click import ClickException

from servespec.pipeline import readings
from tests.projects import SPEC, Ran, picture, servespec, spoil, write

_CANARY = "hunter2-canary"


@pytest.fixture(autouse=True)
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where reports go."""
    folder = tmp_path / "reports"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def _broken(*_: object, **__: object) -> None:
    try:
        raise KeyError(_CANARY)
    except KeyError as cause:
        raise RuntimeError(f"no {_CANARY} for {SPEC}") from cause


def _report(done: Ran, reports: Path) -> str:
    (path,) = reports.iterdir()
    assert str(path) in done.err
    return path.read_text()


@pytest.mark.parametrize("command", ["build", "validate"])
def test_a_bug(project: Path, reports: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Exit 70, one sentence, and a report of types and places in code: no message, value, or path of the machine."""
    monkeypatch.setattr(readings, "resolve", _broken)
    done = servespec(project, command)
    text = _report(done, reports)
    assert (done.exit, done.out) == (70, "")
    assert re.fullmatch(
        r"servespec: this is a bug in servespec; please attach .* to a report at https://\S+\n", done.err
    )
    assert not (project / "deploy").exists()
    assert {"RuntimeError", "KeyError"} <= set(text.splitlines())
    assert re.search(r"^  pipeline/analysis\.py:\d+ in analyse_document$", text, re.MULTILINE)
    assert not re.search(r"(^|\s)/", text, re.MULTILINE), "a path says whose machine it is"
    for private in (_CANARY, "fraud-detector", project.name):
        assert private not in text + done.err.replace(str(reports), "")


def test_a_bug_without_a_place_for_the_report(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same lines come on the screen."""
    monkeypatch.setattr(readings, "resolve", _broken)
    monkeypatch.setattr(tempfile, "tempdir", "/dev/null")
    done = servespec(project, "build")
    assert done.exit == 70
    assert "RuntimeError" in done.err
    assert _CANARY not in done.err


def test_an_artefact_that_does_not_read_back(project: Path, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a bug like any other: exit 70, and the tree on disk stays the old one."""
    assert servespec(project, "build").exit == 0
    before = picture(project / "deploy")
    spoil(monkeypatch, "docker", "USER 10001:10001", "USER 0:0")
    write(project, SPEC + "runtime: {workers: 2}\n", files={})
    done = servespec(project, "build", "--force")
    assert done.exit == 70
    assert "Corrupt" in _report(done, reports)
    assert "10001" not in _report(done, reports)
    assert picture(project / "deploy") == before


def test_what_is_no_bug(project: Path, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in the call makes no report."""

    def usage(*_: object, **__: object) -> None:
        raise ClickException("not like this")

    monkeypatch.setattr(readings, "resolve", usage)
    assert servespec(project, "build").exit == 2
    assert list(reports.iterdir()) == []
