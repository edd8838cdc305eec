"""Suppression: warnings that a spec accepts, until their day, and errors that it can't."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.pipeline import Analysis
from tests.projects import SPEC, analyse, finding, found, made, write

_RULE = "runtime-end-of-life"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    return write(tmp_path)


def _accepted(project: Path, *, rule: str = _RULE, until: str | None = None, more: str = "", today: str) -> Analysis:
    day = f', until: "{until}"' if until else ""
    return analyse(project, f"{SPEC}suppress: [{{rule: {rule}, reason: known{day}}}]\n{more}", today=today)


def test_an_accepted_warning(project: Path) -> None:
    """It is not shown, and remembered."""
    assert _RULE in {code for _, _, code in found(analyse(project))}
    analysis = _accepted(project, today="2026-11-23")
    assert (found(analysis), analysis.suppressed, analysis.ok) == ([], (_RULE,), True)


@pytest.mark.parametrize(("today", "shown"), [("2027-06-29", False), ("2027-06-30", False), ("2027-07-01", True)])
def test_until_a_day(project: Path, today: str, shown: bool) -> None:
    """It holds through its last day; after it the warning is back, with one that says why, and never an error."""
    analysis = _accepted(project, until="2027-06-30", today=today)
    codes = [code for _, _, code in found(analysis)]
    assert codes == ([_RULE, "suppression-expired"] if shown else [])
    assert analysis.suppressed == (() if shown else (_RULE,))
    assert analysis.ok
    if shown:
        assert finding(analysis, "suppression-expired").labels[0].at == ("suppress", 0, "until")


def test_a_day_that_passed_changes_no_file(project: Path) -> None:
    """An unchanged repository is never out of date because of a date."""
    before, after = (_accepted(project, until="2027-06-30", today=day) for day in ("2027-01-01", "2028-01-01"))
    assert made(before) == made(after)


@pytest.mark.parametrize("rule", ["port-clash", "unknown-field", "invalid-duration"])
def test_an_error_is_never_accepted(project: Path, rule: str) -> None:
    """A mistake stays one, of shape, meaning or rules, whatever the spec says of it."""
    more = "runtime: {protocols: {rest: 8081}, worker: 1, timeouts: {request: soon}}\n"
    analysis = _accepted(project, rule=rule, more=more, today="2026-11-23")
    assert rule in {code for _, _, code in found(analysis)}
    assert not analysis.ok


def test_only_what_is_named(project: Path) -> None:
    """Accepting one warning hides no other."""
    text = SPEC.replace("image: {", "image: {base: python:latest, ")
    analysis = analyse(project, f"{text}suppress: [{{rule: {_RULE}, reason: known}}]\n")
    assert [code for _, _, code in found(analysis)] == ["unpinned-image"]


def test_what_is_no_warning(project: Path) -> None:
    """A rule that there is not is told of, so that a misspelt one does not seem to work."""
    analysis = _accepted(project, rule="runtime-end-of-lief", today="2026-11-23")
    assert {code for _, _, code in found(analysis)} == {_RULE, "unsuppressible-rule"}
