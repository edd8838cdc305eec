"""No value escapes: each payload in each text and key of a spec, and what each file made of it says to its readers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.injection.everything import PLACES, escape, share
from tests.injection.payloads import PAYLOADS
from trust.rows import Row, Scale


@dataclass(frozen=True)
class Tried:
    """What came of the payloads in one place."""

    kinds: Counter[str]
    files: int
    escapes: tuple[str, ...]


def _processes() -> Executor:
    """Processes that are no forks: BuildKit's parser has threads of Go, which a fork would stop for ever."""
    return ProcessPoolExecutor(mp_context=get_context("spawn"))


def run(scale: Scale, executor: Callable[[], Executor] = _processes) -> Iterator[Row]:
    """One row: what was tried in all places, and what escaped."""
    began = time.monotonic()
    payloads = scale.of(1, len(PAYLOADS))
    with executor() as pool:
        tried = list(pool.map(at_place, range(len(PLACES)), [payloads] * len(PLACES)))
    kinds = sum((item.kinds for item in tried), Counter[str]())
    outcome = ", ".join(f"{kinds[kind]:,} {words}" for kind, words in _WORDS.items() if kinds[kind])
    read = f"{sum(item.files for item in tried):,} files read back"
    amount = f"{payloads} payloads × {len(PLACES)} texts and keys, {read}: {outcome}"
    escapes = [line for item in tried for line in item.escapes]
    yield Row("a text is refused, or comes back", amount, len(escapes), 0, time.monotonic() - began, tuple(escapes))


_WORDS = {
    "refused": "refused at their place",
    "kept": "came back byte for byte",
    "derived": "led to another text in a file of the same shape",
}


def at_place(number: int, payloads: int) -> Tried:
    """What comes of a share of the payloads in the place of that number."""
    place = PLACES[number]
    kinds, files, escapes = Counter[str](), 0, list[str]()
    for payload in share(place, payloads):
        outcome, why = escape(place, payload)
        kinds[outcome.kind] += 1
        files += outcome.files
        if why:
            escapes.append(f"{place.name}: {payload!r}: {why}")
    return Tried(kinds, files, tuple(escapes))
