"""Did you mean: the word that was probably meant, among those that are known there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_SHORTEST_ABBREVIATION = 3
_MOST_SLIPS = 2
_JOINTS = re.compile(r"[-_\s]")
_PARTS = re.compile(r"[-_\s]|(?<=[a-z0-9])(?=[A-Z])")


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was most probably meant, or none when nothing is near."""
    return next(iter(closest_of(word, candidates)), None)


def only(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was meant, when nothing else may have been: neither another one nor its opposite."""
    near = closest_of(word, candidates)
    return near[0] if len(near) == 1 and not _may_be_opposite(word, near[0]) else None


def closest_of(word: str, candidates: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """The candidates that may have been meant, the likeliest first; never the word itself.

    Candidates that differ only in case, `-`, `_` or blanks come first, then misspelled ones (up to two
    slips, in at most a third of the letters), then those that the word abbreviates. The order of the
    candidates does not matter.
    """
    return _near(word, frozenset(candidates))[:limit]


@lru_cache(maxsize=64)  # an environment after the other makes the same mistake
def _near(word: str, candidates: frozenset[str]) -> tuple[str, ...]:
    ranked = [(rank, name) for name in candidates - {word} if (rank := _rank(word, name)) is not None]
    return tuple(name for _, name in sorted(ranked))


def is_slip(word: str, name: str) -> bool:
    """Whether the word is the name but for case, `-`, `_`, blanks and a slip or two; not one that it abbreviates."""
    rank = _rank(word, name)
    return rank is not None and rank[0] == 0


def one_of(candidates: Sequence[str], last: str = "or") -> str:
    """The candidates as a phrase, in their order: `a`, `b` or `c`, each in backticks."""
    quoted = [f"`{name}`" for name in candidates]
    return f" {last} ".join(filter(None, (", ".join(quoted[:-1]), *quoted[-1:])))


def _may_be_opposite(word: str, name: str) -> bool:
    """Whether the words differ as opposites do: by another beginning, or by two letters (`ingress` and `egress`,
    `INT8` and `UINT8`, `maxRows` and `minRows`)."""
    rank, (typed, known) = _rank(word, name), (_folded(word), _folded(name))
    return rank is not None and rank[0] == 0 and (rank[1] > 1 or typed[0] != known[0])


def _rank(word: str, name: str) -> tuple[int, int, int] | None:
    """How far the name is from the word, less being nearer; none when it is too far to be meant."""
    typed, known = _folded(word), _folded(name)
    if not typed or not known:
        return None
    allowed = min(_MOST_SLIPS, max(len(typed), len(known)) // 3)
    if abs(len(typed) - len(known)) <= allowed and (distance := _distance(typed, known)) <= allowed:
        return (0, distance, -_shared(typed, known))
    if typed == _first_part(name) or (len(typed) >= _SHORTEST_ABBREVIATION and known.startswith(typed)):
        return (1, len(known), 0)
    return None


@lru_cache(maxsize=1024)  # of many misspelt names each is held against the same others
def _folded(word: str) -> str:
    return _JOINTS.sub("", word).casefold()


@lru_cache(maxsize=1024)
def _first_part(name: str) -> str:
    """The first whole part of a name, which abbreviates it however short it is."""
    return _PARTS.split(name, maxsplit=1)[0].casefold()


def _shared(a: str, b: str) -> int:
    """The number of letters that both begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _distance(a: str, b: str) -> int:
    """The optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        two_before, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, two_before[j - 2] + 1)
            row.append(cost)
    return row[-1]
