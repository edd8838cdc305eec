"""Mutation testing can fail: what no test looks at survives, and what one looks at is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from trust import mutants
from trust.mutants import emit
from trust.mutation.loaded import Loaded
from trust.rows import Scale

_SESSION = Path(__file__).parents[2] / "trust" / "mutation" / "session.py"
_MODULE = """
import re

_WORD = re.compile(r"[a-z0-9]+")


class Grades:
    @property
    def best(self) -> int:
        return 90


def grade(points: int) -> str:
    if points > Grades().best:
        return "high"
    if points == 7:  # no test has seven points
        return "strange"
    return "low"


def is_word(text: str) -> bool:
    return bool(_WORD.fullmatch(text))
"""
_TESTS = """
from planted.grades import grade, is_word


def test_grades():
    assert [grade(points) for points in (95, 91, 90, 50)] == ["high", "high", "low", "low"]


def test_words():
    assert [is_word(text) for text in ("a1", "a-b", "")] == [True, False, False]
    assert not is_word("a ")
"""


def _trials(folder: Path) -> dict[str, str]:
    """The verdict on each mutant of a package with a branch that no test reaches."""
    for path, text in {"planted/__init__.py": "", "planted/grades.py": _MODULE, "test_grades.py": _TESTS}.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    order = folder / "order.json"
    found, survey = folder / "found.jsonl", folder / "survey.json"
    order.write_text(
        json.dumps(
            {"packages": {"planted": 99}, "tests": ["test_grades.py"], "survey": str(survey), "found": str(found)}
        )
    )
    for what in ("survey", "trials"):
        command = [sys.executable, str(_SESSION), what, str(order)]
        done = subprocess.run(
            command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    records = [json.loads(line) for line in found.read_text(encoding="utf-8").splitlines()]
    return {record["key"].removeprefix("planted.grades "): record["verdict"] for record in records}


def test_what_no_test_looks_at_survives_and_the_rest_is_killed(tmp_path: Path) -> None:
    """Conditions, constants, methods behind decorators and patterns: each mutant that matters to a test is killed."""
    verdicts = _trials(tmp_path)
    assert verdicts["grade: if points == 7 → if False"] == "survived"
    assert verdicts["grade: 'strange' → ''"] == "unreached"
    killed = (
        "grade: points > Grades().best → points >= Grades().best",
        "grade: 'high' → ''",
        "Grades.best: 90 → 91",
        "_WORD: '[a-z0-9]+' → '[a-z]+'",
        "_WORD: '[a-z0-9]+' → '[a-z0-9]*'",
        "is_word: _WORD.fullmatch(text) → _WORD.match(text)",
    )
    assert {key: verdicts[key] for key in killed} == dict.fromkeys(killed, "killed")
    left = [key for key, verdict in verdicts.items() if verdict != "killed"]
    assert all("7" in key or "8" in key or "strange" in key for key in left), left


def test_a_survivor_that_nobody_listed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes the row bad, and stands in it with its line; one that is listed does not."""
    trials = [
        {"key": "m f: 1 → 2", "line": 3, "verdict": "survived"},
        {"key": "m f: 2 → 3", "line": 4, "verdict": "unreached"},
        {"key": "m f: 3 → 4", "line": 5, "verdict": "killed"},
    ]
    monkeypatch.setattr(mutants, "listed", lambda: {"m f: 2 → 3": "accepted"})
    row = mutants._row("m", trials, 1.0)
    assert not row.well
    assert row.details == ("line 3: m f: 1 → 2 (survived)",)
    assert "3 mutants, 1 killed (33.3%); 1 more listed" in row.tried


def test_each_listed_survivor_is_a_mutant() -> None:
    """The list is about the code as it is: what was mended or written otherwise leaves it."""
    keys = set(mutants.listed())
    modules = {key.partition(" ")[0] for key in keys}
    assert keys <= {mutant.key for name in modules if import_module(name) for mutant in Loaded(name).mutants}


def test_a_few_mutants_of_words_of_a_shell_are_killed() -> None:
    """The harness itself, on one module and its tests."""
    (row,) = emit.run(Scale.QUICK)
    assert row.well, row.details
