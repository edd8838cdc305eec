"""The harness of the disk, a little of it; and bugs of a writer, each of which it finds."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from servespec.writer import Cause, State
from servespec.writer.planning import _Planner
from trust import strace
from trust.rows import Row, Scale
from trust.strace import traced
from trust.writing import crowd, desk, escape, faults
from trust.writing.project import SERVESPEC, Project

_START = "\nfrom servespec.cli.main import main\nmain()\n"

_IN_PLACE = (
    """
import os
from servespec.writer import applying
def in_place(plan, stage):
    for file in plan.files:
        path = os.path.join(stage.live, file.path)
        if file.after is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as made:
                made.write(file.after)
    return ()
applying._replace = in_place
"""
    + _START
)
"""A writer that changes one file after the other, where it stands."""

_NO_LOCK = (
    """
import os, tempfile, time
from servespec.writer import lock, staging
pour = staging._pour
def slow(*arguments, **more):
    time.sleep(0.03)
    return pour(*arguments, **more)
def meet(fd):
    place = tempfile.gettempdir()
    open(os.path.join(place, str(os.getpid())), "w").close()
    deadline = time.monotonic() + 60
    while len(os.listdir(place)) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
lock._flock, staging._pour = meet, slow
"""
    + _START
)
"""A writer that goes to work when the others do, and takes its time."""


@pytest.fixture
def tracing() -> None:
    """Only where strace can look on."""
    if not strace.available():
        pytest.skip("strace is not installed, or may not trace")


def _with(bug: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-c", bug)


def _require_clean(rows: Iterable[Row]) -> None:
    for row in rows:
        assert row.well, (row.what, row.details)


def test_builds_at_once() -> None:
    """Some rounds of four builds at once find nothing."""
    _require_clean(crowd.run(Scale.QUICK))


def test_builds_that_wait_for_nobody() -> None:
    """Without the lock builds get in each other's way."""
    (row,) = crowd.run(Scale.QUICK, _with(_NO_LOCK), rounds=1)
    assert row.found


def test_a_person_at_work() -> None:
    """Some steps of a person and servespec find nothing."""
    _require_clean(desk.run(Scale.QUICK))


def test_an_edit_that_is_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that takes edited files for its own loses what a person wrote."""
    verdict = _Planner._verdict

    def careless(*arguments: object) -> tuple[State, Cause | None]:
        state, cause = verdict(*arguments)  # type: ignore[arg-type]
        return (State.UPDATE, cause) if cause is Cause.EDITED_BY_HAND else (state, cause)

    monkeypatch.setattr(_Planner, "_verdict", careless)
    (row,) = desk.run(Scale.QUICK)
    assert any("was a person's" in line for line in row.details)


@pytest.mark.e2e
def test_faults(tracing: None) -> None:
    """Some faults in every scene find nothing."""
    _require_clean(faults.run(Scale.QUICK))


@pytest.mark.e2e
def test_a_disk_that_fills_up_beside_a_pipe(tracing: None, tmp_path: Path) -> None:
    """What a command has said before is no call of the disk: that goes on, and the fault strikes where it is meant to."""
    (scene,) = (scene for scene in faults.SCENES if scene.name == "`init --force`")
    stage = faults.Stage(scene, Project(tmp_path), SERVESPEC)
    (made,) = (call for call in stage.calls if call.name == "mkdir" and call.paths[0].endswith(".servespec"))
    assert list(stage.attempt(made, "full")) == []


@pytest.mark.e2e
def test_a_writer_in_place(tracing: None) -> None:
    """A writer that changes one file after the other leaves a mixture where it is killed or refused."""
    (row,) = faults.run(Scale.QUICK, _with(_IN_PLACE), faults.SCENES[:1])
    assert any("mixed" in line or "torn" in line for line in row.details)


@pytest.mark.e2e
def test_hostile_layouts(tracing: None) -> None:
    """Some hostile names and links find nothing."""
    _require_clean(escape.run(Scale.QUICK))


@pytest.mark.e2e
def test_a_writer_that_follows_links(tracing: None) -> None:
    """What is written through a link is noticed outside, and at the call."""
    layouts = [layout for layout in escape.layouts() if layout.name == "docker/Dockerfile is a link"]
    (row,) = escape.run(Scale.FULL, _with(_IN_PLACE), layouts)
    assert any("leads to" in line for line in row.details)
    assert any("changed" in line for line in row.details)


@pytest.mark.e2e
def test_a_fault_strikes_where_it_is_meant_to(tracing: None, tmp_path: Path) -> None:
    """The call that is named fails, that one alone, and is told with its path."""
    program = "import os\nfor name in 'abc':\n    try: os.mkdir(name)\n    except OSError as error: print(error)\n"
    ran = traced(
        (sys.executable, "-c", program), ("mkdir",), cwd=tmp_path, environment={}, inject=("mkdir:error=EIO:when=2",)
    )
    assert ran.said == "[Errno 5] Input/output error: 'b'\n"
    assert [(call.number, call.paths, call.injected) for call in ran.calls] == [
        (1, (str(tmp_path / "a"),), False),
        (2, (str(tmp_path / "b"),), True),
        (3, (str(tmp_path / "c"),), False),
    ]
