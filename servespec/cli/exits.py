"""Exit codes, and which one counts when several things happened."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Exit(IntEnum):
    """What a run came to."""

    OK = 0
    ERRORS = 1
    """The spec has errors, or `--strict` met a loss."""
    USAGE = 2
    STALE = 3
    """`--check`: what is on disk is not what would be written."""
    REFUSED = 4
    """A file that is not ours, or that was edited, would be overwritten."""
    WORLD = 5
    """I/O failed."""
    BUG = 70
    INTERRUPTED = 130


_ORDER = (Exit.INTERRUPTED, Exit.BUG, Exit.WORLD, Exit.USAGE, Exit.REFUSED, Exit.ERRORS, Exit.STALE)


def worst(exits: Iterable[Exit]) -> Exit:
    """The exit code of a run over several specs: the first of the order that occurred."""
    seen = set(exits)
    return next((code for code in _ORDER if code in seen), Exit.OK)
