"""Fuzz: mutated and generated specs through load, decode, validate and build, each in bounded time and memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from trust.fuzzing.corpus import Case
from trust.fuzzing.inputs import Inputs
from trust.fuzzing.minimal import minimal
from trust.fuzzing.pool import Told, answers
from trust.fuzzing.trial import Answer, trial
from trust.rows import Row, Scale

_SEED = 8
_QUICK, _FULL = 1_000, 100_000
_MINIMISED = 20
"""Of so many bugs the least input is looked for; whoever has found as many has enough to do."""

Ask = Callable[[Case], Answer]


def run(scale: Scale, *, seed: int = _SEED, ask: Ask = trial) -> Iterator[Row]:
    """One row: how many inputs, how many of them were sound and built, and how many were answered wrongly."""
    began = time.monotonic()
    inputs = Inputs(seed)
    for case in inputs.cases:  # what is loaded once is not what an input costs
        trial(case)
    tally = _Tally()
    for told in answers(scale.of(_QUICK, _FULL), lambda index: ask(inputs[index])):
        tally.add(told)
    details = tuple(_details(tally, inputs, ask))
    what, seconds = "any spec is answered at its lines, or builds", time.monotonic() - began
    yield Row(what, tally.tried, tally.counts.total(), 0, seconds, details)


@dataclass
class _Tally:
    """What all answers come to. They are not kept: whoever answers begins as large as whoever asks."""

    number: int = 0
    made: int = 0
    slowest: float = 0
    largest: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """How often each thing was wrong."""
    firsts: dict[str, int] = field(default_factory=dict)
    """The number of an input that shows it."""

    def add(self, told: Told) -> None:
        """One more."""
        self.number += 1
        self.made += told.answer.made
        self.slowest, self.largest = max(self.slowest, told.seconds), max(self.largest, told.memory)
        if wrong := told.answer.wrong:
            self.counts[wrong] += 1
            self.firsts.setdefault(wrong, told.index)

    @property
    def tried(self) -> str:
        """What was tried, for the table."""
        most = f"at most {self.slowest:.2f} s and {self.largest >> 20} MiB each"
        return f"{self.number:,} specs, {self.made:,} sound and built; {most}"


def _details(tally: _Tally, inputs: Inputs, ask: Ask) -> Iterator[str]:
    """Each bug once, with the least input that has it."""
    counts, firsts = tally.counts, tally.firsts
    for wrong in sorted(firsts)[:_MINIMISED]:
        case = inputs[firsts[wrong]]
        small = minimal(case, Shows(ask, wrong))
        files = {name: data.decode(errors="backslashreplace") for name, data in small.files.items()}
        yield f"{wrong}, {counts[wrong]} times; input {firsts[wrong]}, made of {case.name}; the least of it: {files}"


@dataclass(frozen=True)
class Shows:
    """Whether a case is answered wrongly in that way, asked in a process of its own."""

    ask: Ask
    wrong: str

    def __call__(self, case: Case) -> bool:
        (told,) = answers(1, lambda _: self.ask(case))
        return told.answer.wrong == self.wrong
