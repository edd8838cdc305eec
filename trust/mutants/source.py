"""Mistakes in what reads a spec."""

from __future__ import annotations

from collections.abc import Iterator

from trust.mutants import Sample, tried
from trust.rows import Row, Scale

_FULL = Sample("servespec.source", 450, ("source", "test_cases.py"))
_QUICK = Sample("servespec.source.scalars", 12, ("source/test_values.py",))


def run(scale: Scale) -> Iterator[Row]:
    """One row."""
    yield tried(_QUICK if scale is Scale.QUICK else _FULL)
