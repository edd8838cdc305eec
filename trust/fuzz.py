"""Fuzz: mutated and generated specs through load, decode, validate and build, each in bounded time and memory."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
    told = [*answers(scale.of(_QUICK, _FULL), lambda index: ask(inputs[index]))]
    bad = [item for item in told if item.answer.wrong]
    details = tuple(_details(bad, inputs, ask))
    yield Row(
        "any spec is answered at its lines, or builds", _tried(told), len(bad), 0, time.monotonic() - began, details
    )


def _tried(told: Sequence[Told]) -> str:
    made = sum(item.answer.made for item in told)
    slowest, largest = max(item.seconds for item in told), max(item.memory for item in told)
    return f"{len(told):,} specs, {made:,} sound and built; at most {slowest:.2f} s and {largest >> 20} MiB each"


def _details(bad: Sequence[Told], inputs: Inputs, ask: Ask) -> Iterator[str]:
    """Each bug once, with the least input that has it."""
    counts = Counter(item.answer.wrong for item in bad)
    firsts = {item.answer.wrong: item.index for item in reversed(bad)}
    for wrong in sorted(firsts)[:_MINIMISED]:
        case = inputs[firsts[wrong]]
        small = minimal(case, _Shows(ask, wrong))
        files = {name: data.decode(errors="backslashreplace") for name, data in small.files.items()}
        yield f"{wrong}, {counts[wrong]} times; input {firsts[wrong]}, made of {case.name}; the least of it: {files}"


@dataclass(frozen=True)
class _Shows:
    """Whether a case is answered wrongly in that way, asked in a process of its own."""

    ask: Ask
    wrong: str

    def __call__(self, case: Case) -> bool:
        (told,) = answers(1, lambda _: self.ask(case))
        return told.answer.wrong == self.wrong
