"""Mistakes in the rules."""

from __future__ import annotations

from collections.abc import Iterator

from trust.mutants import Sample, tried
from trust.rows import Row, Scale

_FULL = Sample("servespec.checks", 600, ("checks", "test_cases.py", "test_goldens.py"))
_QUICK = Sample("servespec.checks.invalid_package", 12, ("test_cases.py",))


def run(scale: Scale) -> Iterator[Row]:
    """One row."""
    yield tried(_QUICK if scale is Scale.QUICK else _FULL)
