"""The harness that builds on other machines: two of them in each run of the tests, and that it sees a difference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trust import determinism
from trust.determinism import built
from trust.machines import FIRST, OTHERS
from trust.rows import Scale

_ROOT = Path(__file__).parents[2]
_BUG = """\
import json
import os

from servespec.targets.docker import naming


class Dated:
    @staticmethod
    def dumps(value, **more):
        return json.dumps(value, **more) + os.environ["TZ"]


naming.json = Dated
"""


def test_one_tree() -> None:
    """All examples give the same bytes where their keys are turned round, under another hash seed and time zone."""
    (row,) = determinism.run(Scale.QUICK)
    assert (row.found, row.wanted, row.details) == (1, 1, ())
    assert "2 ways" in row.tried


def test_a_difference_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag that follows the time zone, and nothing else, makes another tree."""
    bug = tmp_path / "bug"
    bug.mkdir()
    (bug / "sitecustomize.py").write_text(_BUG)
    path = {"PYTHONPATH": f"{bug}:{_ROOT}"}
    one = replace(FIRST, environment={**FIRST.environment, **path})
    other = replace(one, name="elsewhere", environment={**one.environment, "TZ": "Asia/Kathmandu"})
    monkeypatch.setattr(determinism, "FIRST", one)
    monkeypatch.setattr(determinism, "OTHERS", (other,))
    (row,) = determinism.run(Scale.QUICK)
    assert (row.found, len(row.details), row.well) == (2, 1, False)


def test_a_build_that_fails_is_no_tree(tmp_path: Path) -> None:
    """Two machines on which nothing can be built do not agree."""
    broken = replace(FIRST, written=lambda text: f"{text}\nrelease: [")
    assert built(broken, tmp_path).startswith(f"{FIRST.name}: exit code 1")


def test_there_are_many_machines() -> None:
    """Each differs from the first in something, and bears a name of its own."""
    names = {machine.name for machine in OTHERS}
    assert len(names) == len(OTHERS) >= 20
    assert all(replace(machine, name=FIRST.name) != FIRST for machine in OTHERS)
