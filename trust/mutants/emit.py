"""Mistakes in the only makers of text that goes into a file."""

from __future__ import annotations

from collections.abc import Iterator

from trust.mutants import Sample, tried
from trust.rows import Row, Scale

_FULL = Sample("servespec.emit", 500, ("emit", "injection", "test_goldens.py"))
_QUICK = Sample("servespec.emit.shell", 12, ("emit/test_shell.py", "emit/test_alphabets.py"))


def run(scale: Scale) -> Iterator[Row]:
    """One row."""
    yield tried(_QUICK if scale is Scale.QUICK else _FULL)
