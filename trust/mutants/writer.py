"""Mistakes in what changes the disk."""

from __future__ import annotations

from collections.abc import Iterator

from trust.mutants import Sample, tried
from trust.rows import Row, Scale

_FULL = Sample("servespec.writer", 450, ("writer",))
_QUICK = Sample("servespec.writer.names", 12, ("writer/test_planning.py",))


def run(scale: Scale) -> Iterator[Row]:
    """One row."""
    yield tried(_QUICK if scale is Scale.QUICK else _FULL)
