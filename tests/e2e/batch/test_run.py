"""`servespec run` on a batch: one interval on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.batch.conftest import DAY, Job

pytestmark = pytest.mark.e2e


def _servespec(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "servespec", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_one_interval(job: Callable[..., Job], batch_python: Path) -> None:
    """The scorer runs in an environment of the user's, on the data of the project folder; a closed gate is a failure
    of the results, and missing input one of the world."""
    made = job()
    options = ("run", f"--venv={batch_python.parents[1]}", "--interval-start")
    missing = _servespec(made.folder, *options, DAY)
    assert (missing.returncode, "there is no input" in missing.stderr) == (5, True)
    made.write(100)
    done = _servespec(made.folder, *options, DAY)
    assert done.returncode == 0, done.stderr
    assert "published 100 rows" in done.stderr
    assert len(made.read()["rows"]) == 100
    made.write(100, amount="null")
    closed = _servespec(made.folder, *options, DAY)
    assert (closed.returncode, "amount is missing" in closed.stderr) == (1, True)
    assert len(made.read()["rows"]) == 100


def test_what_is_asked_of_the_wrong_spec(job: Callable[..., Job]) -> None:
    """A batch is not served, and needs its interval."""
    made = job()
    told = _servespec(made.folder, "run")
    assert (told.returncode, "--interval-start says what to score" in told.stderr) == (2, True)
