"""The table of harnesses: what was found fails the run, and the page keeps whole runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from trust.rows import Row, Scale
from trust.table import main

_NAMES = ("sound", "leaking", "broken")


def _sound(scale: Scale) -> Iterator[Row]:
    yield Row("nothing leaks", f"{scale.of(3, 3000):,} canaries", 0, 0, 1.25)


def _leaking(scale: Scale) -> Iterator[Row]:
    yield Row("nothing leaks", "2 canaries", 1, 0, 0.5, ("in compose.yaml",))


def _broken(scale: Scale) -> Iterator[Row]:
    yield from _sound(scale)
    raise OSError("no such tool")


@pytest.fixture(autouse=True)
def harnesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three harnesses: one that finds nothing, one that finds something, one that breaks."""
    for name, run in zip(_NAMES, (_sound, _leaking, _broken), strict=True):
        module = ModuleType(f"trust.{name}")
        module.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Where the figures go."""
    return tmp_path / "trust.md"


def test_nothing_found_is_well(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each thing that was tried, as much as was asked for; no page is written unasked."""
    assert main(["--quick", "sound"], _NAMES, page) == 0
    assert "| sound | nothing leaks | 3 canaries | 0 | 0 | 1.2 |\n" in capsys.readouterr().out
    assert not page.exists()


def test_what_is_found_fails(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code tells, the row is marked, and what was found is told; the other harnesses still run."""
    assert main(["leaking", "sound"], _NAMES, page) == 1
    out, err = capsys.readouterr()
    assert "| leaking | nothing leaks | 2 canaries | **1** | 0 | 0.5 |\n" in out
    assert "| sound | nothing leaks | 3,000 canaries |" in out
    assert "in compose.yaml" in err


def test_a_harness_that_breaks_fails(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What it found until then proves nothing, and does not get onto the page."""
    assert main(["--write", "broken"], _NAMES, page) == 1
    out, err = capsys.readouterr()
    assert "| broken | the harness itself | broke | **1** |" in out
    assert "no such tool" in err
    assert not page.exists()


def test_the_page_keeps_what_was_not_run(page: Path) -> None:
    """A run of one harness replaces its own figures; the order is that of the harnesses."""
    assert main(["--write", "leaking"], _NAMES, page) == 1
    assert main(["--write", "sound"], _NAMES, page) == 0
    assert main(["--write", "leaking"], _NAMES, page) == 1
    text = page.read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## sound", "## leaking"]
    assert text.count("| nothing leaks |") == 2


def test_a_harness_by_hand_runs_only_when_it_is_named(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run of all leaves it out, and its figures stay on the page, behind the others."""
    assert main(["--write", "leaking"], ("sound",), page, by_hand=("leaking",)) == 1
    assert main(["--write"], ("sound",), page, by_hand=("leaking",)) == 0
    assert "leaking" not in capsys.readouterr().out.rpartition("harness")[2]
    assert [line for line in page.read_text().splitlines() if line.startswith("## ")] == ["## sound", "## leaking"]


@pytest.mark.parametrize("wrong", [["unknown"], ["--quick", "--write"]])
def test_what_makes_no_sense_is_refused(wrong: list[str], page: Path) -> None:
    """A harness that is not there, and figures of a quick run on the page."""
    with pytest.raises(SystemExit, match="2"):
        main(wrong, _NAMES, page)
