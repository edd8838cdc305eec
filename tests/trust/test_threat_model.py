"""The threat model names what defends: each test, case and harness that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


def test_what_it_names_is_there() -> None:
    """Tests and cases by their paths, harnesses by their names."""
    paths = re.findall(r"`(tests/[\w./-]+)`", _PAGE)
    harnesses = re.findall(r"`trust (\w+)`", _PAGE)
    assert len(paths) > 10
    assert len(harnesses) > 5
    assert [path for path in paths if not (_ROOT / path).exists()] == []
    assert [name for name in harnesses if not (_ROOT / "trust" / f"{name}.py").exists()] == []


def test_each_stage_has_its_proof() -> None:
    """No line of the table ends without one."""
    table = _PAGE.partition("## Stage by stage")[2].partition("## What")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    assert [row for row in rows if "`t" not in row.rsplit("|", 2)[1]] == []
