"""The disk: whatever fails, whoever else writes, and whatever lies there, no tree is torn and nobody's work is lost."""

from __future__ import annotations

from collections.abc import Iterator

from trust.rows import Row, Scale
from trust.writing import crowd, desk, escape, faults


def run(scale: Scale) -> Iterator[Row]:
    """The rows of its parts."""
    for part in (faults.run, crowd.run, desk.run, escape.run):
        yield from part(scale)
