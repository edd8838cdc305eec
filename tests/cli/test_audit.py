"""`servespec audit`: days that have passed fail there, and only there."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.cli import work
from tests.projects import SPEC, servespec, write

_SUPPRESS = 'suppress: [{rule: runtime-end-of-life, reason: known, until: "2027-01-01"}]\n'
_WAIVER = (
    "policy:\n  forbidden: {servers: [torchserve]}\n  waivers:\n"
    '    - {service: fraud-detector, rule: forbidden-by-policy, reason: it moves, until: "2027-01-01"}\n'
)


@pytest.fixture
def dated(project: Path) -> Path:
    """A project with a suppression and a waiver, both until the first day of 2027."""
    write(project, SPEC + _SUPPRESS, files={})
    (project / "servespec.yaml").write_text(_WAIVER)
    return project


def test_a_day_that_passed(dated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the last day all is well; on the next one `audit` fails with both, while `validate` and `build` pass."""
    monkeypatch.setattr(work, "today", lambda: "2027-01-01")
    assert (servespec(dated, "audit").exit, servespec(dated, "audit").out) == (0, "")
    monkeypatch.setattr(work, "today", lambda: "2027-01-02")
    done = servespec(dated, "audit")
    assert done.exit == 1
    assert "warning[suppression-expired]" in done.out
    assert "warning[waiver-expired]" in done.out
    assert "runtime-end-of-life]" not in done.out, "other warnings are not its business"
    assert servespec(dated, "validate").exit == 0
    assert servespec(dated, "build").exit == 0


def test_errors_fail_too(dated: Path) -> None:
    """A spec that can't be read hides no date: it fails as well."""
    write(dated, SPEC + "replicas: 2\n", files={})
    assert servespec(dated, "audit").exit == 1
