"""Bad specs, each with its codes at the end of the guilty lines: exactly those are found, and nothing else.

A case is a file below `cases/`: `NAME.yaml` with `# error[code]` or `# warning[code]` where the diagnostic points, or
`NAME.yaml.hex` for bytes that no editor would keep, with `# line N: error[code]` above its hexadecimal digits. The
files that the specs name are in `cases/_project`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from servespec.checks.registry import RULES
from servespec.diagnostics.locate import locate
from servespec.edge.gather import gather
from servespec.pipeline import World, analyse

_CASES = Path(__file__).parent / "cases"
_PROJECT = _CASES / "_project"
_FILES = sorted(path for path in _CASES.glob("*/*") if path.suffixes[:1] == [".yaml"])
_TODAY = "2026-11-23"
_MARK = re.compile(r"# (error|warning)\[([a-z0-9-]+)\]")
_HEX_MARK = re.compile(r"# line ([0-9]+): (error|warning)\[([a-z0-9-]+)\]")

Expected = Counter[tuple[int, str, str]]


def _read(path: Path) -> tuple[bytes, Expected]:
    """A case's bytes, and line, severity and code of each diagnostic that it must give."""
    if path.suffix == ".hex":
        lines = path.read_text().splitlines()
        marks = [match for line in lines if (match := _HEX_MARK.fullmatch(line))]
        data = bytes.fromhex("".join(line for line in lines if not line.startswith("#")))
        return data, Counter((int(mark[1]), mark[2], mark[3]) for mark in marks)
    data = path.read_bytes()
    found = Counter(
        (number, severity, code)
        for number, line in enumerate(data.decode().split("\n"), 1)
        for severity, code in _MARK.findall(line)
    )
    return data, found


@pytest.mark.parametrize("path", _FILES, ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}")
def test_a_case_gives_what_it_says(path: Path) -> None:
    """Every mistake of a spec is found in one run, at its line, with its code and severity, and no other."""
    data, expected = _read(path)
    analysis = analyse("serving.yaml", data, World(lambda paths: gather(_PROJECT, paths), _TODAY))
    found = Counter(
        (item.primary.start.line, item.diagnostic.severity.value, item.diagnostic.code)
        for item in locate((analysis.findings,))
    )
    assert found == expected
    assert analysis.ok == all(severity == "warning" for _, severity, _ in expected)


def test_every_rule_has_a_case() -> None:
    """A rule without a bad spec could stop working unnoticed."""
    shown = {code for path in _FILES for _, _, code in _read(path)[1]}
    assert {rule.CODE for rule in RULES} - shown == set()


def test_there_are_many_cases() -> None:
    """The folder is walked: a wrong path here would make every other test pass."""
    assert len(_FILES) >= 60
