"""What must hold of every sound spec, asked of specs that Hypothesis draws from the schema and from what others say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from trust.drawing.promises import PROMISES, Promise
from trust.drawing.specs import Drawn, specs
from trust.rows import Row, Scale

_SEED = 8
_QUICK, _FULL = 20, 500


def run(scale: Scale) -> Iterator[Row]:
    """A row for each promise: how many specs were drawn, and how many of them were sound."""
    for promise in PROMISES:
        yield asked(promise, scale.of(_QUICK, _FULL))


def asked(promise: Promise, number: int) -> Row:
    """A promise, and the least spec that breaks it where one does."""
    began = time.monotonic()
    count = _Count()
    details = tuple(_broken(promise, number, count))
    tried = f"{count.drawn:,} specs, {count.sound:,} of them sound"
    return Row(promise.what, tried, len(details), 0, time.monotonic() - began, details)


@dataclass
class _Count:
    drawn: int = 0
    sound: int = 0


class _Broken(Exception):
    """A promise does not hold of a spec."""


def _broken(promise: Promise, number: int, count: _Count) -> Iterator[str]:
    @seed(_SEED)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=tuple(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(specs())
    def holds(drawn: Drawn) -> None:
        answer = promise.tried(drawn)
        count.drawn += 1
        count.sound += answer.made
        if answer.wrong:
            raise _Broken(f"{answer.wrong}; in {drawn.base.name}, said otherwise: {drawn.otherwise}")

    try:
        holds()
    except _Broken as broken:
        yield str(broken)
