"""Work that is shared out: the same outcomes in the same order, whatever becomes of a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from servespec.edge import workers
from servespec.edge.workers import outcomes

_HERE = os.getpid()
_MANY = tuple(range(4 * workers.WORTH_IT))


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(workers, "_processors", lambda: 2)
    yield
    with pytest.raises(ChildProcessError):  # nothing is left to be waited for
        os.waitpid(-1, os.WNOHANG)


def _tenfold(thing: int) -> Generator[int, bool, tuple[int, bool]]:
    answer = yield thing
    return thing * 10, answer


def test_in_order() -> None:
    """Questions are answered and outcomes told in the order of the things."""
    asked: list[tuple[int, int]] = []

    def reply(number: int, question: int) -> bool:
        asked.append((number, question))
        return question % 3 == 0

    found = list(outcomes(_MANY, _tenfold, reply))
    assert found == [(thing * 10, thing % 3 == 0) for thing in _MANY]
    assert asked == [(thing, thing) for thing in _MANY]


def _where(thing: int) -> Generator[None, None, int]:
    yield
    return os.getpid()


def test_few_are_done_here() -> None:
    """Two processes work on many things, and none is started for few."""
    assert len(set(outcomes(_MANY, _where, lambda number, question: None)) - {_HERE}) == 2
    assert set(outcomes(_MANY[:3], _where, lambda number, question: None)) == {_HERE}


def _fails_there(thing: int) -> Generator[None, None, int]:
    yield
    if thing == 20 and os.getpid() != _HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return thing


def test_a_process_that_is_killed() -> None:
    """What it did not tell is done here, and nothing is told twice."""
    assert list(outcomes(_MANY, _fails_there, lambda number, question: None)) == list(_MANY)


def _fails(thing: int) -> Generator[None, None, int]:
    yield
    if thing == 30:
        raise ZeroDivisionError
    return thing


def test_a_mistake_is_raised_here() -> None:
    """An exception comes out where it can be told, after all that came before it."""
    told: list[int] = []
    with pytest.raises(ZeroDivisionError):
        told.extend(outcomes(_MANY, _fails, lambda number, question: None))
    assert told == list(_MANY[:30])


_SLOW = """
import pathlib, sys, time
from servespec.edge import workers
workers._processors = lambda: 2
def slow(thing):
    yield
    try:
        pathlib.Path(sys.argv[1], f"begun-{thing}").touch()
        time.sleep(60)
    except KeyboardInterrupt:
        pathlib.Path(sys.argv[1], f"cleared-{thing}").touch()
        raise
list(workers.outcomes(range(100), slow, lambda number, question: None))
"""


@pytest.mark.parametrize("to_all", [True, False])
def test_ctrl_c(tmp_path: Path, to_all: bool) -> None:
    """Ctrl-C ends all of it at once, whether the terminal tells every process or only ours; each clears up."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(tmp_path)], start_new_session=True, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while len(list(tmp_path.glob("begun-*"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    (os.killpg if to_all else os.kill)(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGINT
    assert {path.name.partition("-")[2] for path in tmp_path.glob("cleared-*")} == {
        path.name.partition("-")[2] for path in tmp_path.glob("begun-*")
    }
    # One that has ended is there until its parent, or who took it over, has heard of it.
    gone = ["pgrep", "-s", str(process.pid), "--runstates", "DIRST"]
    assert subprocess.run(gone, check=False, stdout=subprocess.DEVNULL).returncode == 1
