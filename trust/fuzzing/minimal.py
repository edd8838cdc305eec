"""The least of an input that still shows what it shows: first without lines, then without characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

from trust.fuzzing.corpus import Case

_MOST = 600
"""Tries, each of which may take a second."""


def minimal(case: Case, shows: Callable[[Case], bool]) -> Case:
    """The case with as little in its files as still shows it."""
    tries = count()

    def still(other: Case) -> bool:
        return next(tries) < _MOST and shows(other)

    for file in case.files:
        case = _less(case, file, pieces=case.files[file].splitlines(keepends=True), shows=still)
        case = _less(case, file, pieces=[bytes([byte]) for byte in case.files[file]], shows=still)
    return case


def _less(case: Case, file: str, *, pieces: Sequence[bytes], shows: Callable[[Case], bool]) -> Case:
    """The case without those pieces of a file that it can do without, alone or several in a row."""
    size = max(len(pieces) // 2, 1)
    while size:
        start = 0
        while start < len(pieces):
            fewer = [*pieces[:start], *pieces[start + size :]]
            smaller = case.saying(b"".join(fewer), file=file)
            if shows(smaller):
                case, pieces = smaller, fewer
            else:
                start += size
        size //= 2
    return case
