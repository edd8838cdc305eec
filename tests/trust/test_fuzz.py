"""The harness that fuzzes: a little of it in each run of the tests, and that it sees each kind of bug."""

from __future__ import annotations

import os
import signal
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from servespec.checks import local_image
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.pipeline import making
from servespec.spans import Span
from servespec.spec import mistakes
from servespec.verify import Mismatch
from trust import fuzz
from trust.fuzzing import pool
from trust.fuzzing.corpus import SPEC, Case, corpus
from trust.fuzzing.inputs import Inputs
from trust.fuzzing.minimal import minimal
from trust.fuzzing.pool import answers
from trust.fuzzing.trial import Answer, trial
from trust.rows import Row, Scale

_ROOT = Path(__file__).parents[2]
_SOUND = next(case for case in corpus() if case.name == "tests/golden/minimal")


def test_nothing_is_found() -> None:
    """A thousand specs that nobody would write are answered at their lines, or build; some of them do."""
    (row,) = fuzz.run(Scale.QUICK)
    assert (row.found, row.details) == (0, ())
    assert " 0 sound" not in row.tried


def _raises(*_: Any, **__: Any) -> Any:
    raise KeyError("planted")


def _stray(*_: Any) -> Iterator[Diagnostic]:
    yield error("stray", "stands elsewhere", Label(Span("other.yaml", 0, 1)))


@pytest.mark.parametrize(
    ("module", "name", "planted", "wrong"),
    [
        (local_image, "check", _raises, "KeyError in "),
        (local_image, "check", _stray, "stray stands nowhere"),
        (making, "serialized", _raises, "validate is clean and build fails: KeyError in "),
        (making, "verify", lambda _: [Mismatch("x", "", "a", "b")], "validate is clean and build fails: Corrupt in "),
    ],
)
def test_a_wrong_answer_is_seen(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, planted: Callable[..., Any], wrong: str
) -> None:
    """What a stage raises, a finding that stands in no file, and a build that fails are told, each as what it is."""
    assert trial(_SOUND) == Answer(made=True)
    monkeypatch.setattr(module, name, planted)
    assert trial(_SOUND).wrong.startswith(wrong)


def _spinning() -> None:
    while True:
        pass


_KEPT: list[bytearray] = []


@pytest.mark.parametrize(
    ("deed", "wrong"),
    [
        (_spinning, "more than a second"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "the process died of SIGKILL"),
        (lambda: _KEPT.append(bytearray(300 << 20)), "more than 200 MiB"),
        (lambda: os._exit(3), "the process ended with 3"),
    ],
    ids=["time", "signal", "memory", "exit"],
)
def test_a_death_is_seen_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch, deed: Callable[[], None], wrong: str
) -> None:
    """A question that costs its process too much, or its life, is told; those before and after it are answered."""
    if deed is not _spinning:  # a slow machine takes a second to clear 300 MiB
        monkeypatch.setattr(pool, "SECONDS", 60.0)

    def ask(index: int) -> Answer:
        if index == 3:
            deed()
        return Answer()

    told = {item.index: item.answer.wrong for item in answers(6, ask)}
    assert told == {index: wrong if index == 3 else "" for index in range(6)}


def test_a_planted_bug_is_found_and_made_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in what is said of misspelt names is found by mutation, and its least input holds one such name."""
    closest = mistakes.closest

    def planted(word: str, known: Sequence[str]) -> str | None:
        return known[len(known)] if len(known) > 30 else closest(word, known)

    monkeypatch.setattr(mistakes, "closest", planted)
    monkeypatch.setattr(fuzz, "_QUICK", 100)
    (row,) = fuzz.run(Scale.QUICK)
    assert isinstance(row, Row)
    assert row.found > 0
    assert not row.well
    assert len(row.details) == 1
    assert row.details[0].startswith("IndexError in ")
    assert len(row.details[0].partition("the least of it: ")[2]) < 100


def test_answers_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks stays as it is, however much it is told: those that answer begin as large as it is."""
    monkeypatch.setattr(fuzz, "_QUICK", 3_000)
    kept: list[weakref.ref[Answer]] = []

    def remembered(*given: Any) -> Iterator[pool.Told]:
        for told in answers(*given):
            kept.append(weakref.ref(told.answer))
            yield told

    monkeypatch.setattr(fuzz, "answers", remembered)
    (row,) = fuzz.run(Scale.QUICK, ask=lambda _: Answer())
    assert row.tried.startswith("3,000 specs, 0 sound")
    assert len([None for answer in kept if answer() is not None]) < 1_000


def test_a_fat_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spec for which 200 MiB will not do is one that is answered wrongly, and the figure in the row is its own."""
    monkeypatch.setattr(fuzz, "_QUICK", 20)
    monkeypatch.setattr(pool, "SECONDS", 60.0)
    fat = Inputs(8)[7].files

    def ask(case: Case) -> Answer:
        if case.files == fat:
            _KEPT.append(bytearray(300 << 20))
        return Answer()

    monkeypatch.setattr(fuzz, "_MINIMISED", 0)
    (row,) = fuzz.run(Scale.QUICK, ask=ask)
    assert row.found == 1
    assert int(row.tried.split()[-3]) >= 300


def test_an_input_can_be_had_again() -> None:
    """A seed and a number name the same input in another process, and another seed another one."""
    one, same, other = Inputs(8), Inputs(8), Inputs(9)
    assert [one[index] for index in range(50)] == [same[index] for index in range(50)]
    assert [one[index] for index in range(50)] != [other[index] for index in range(50)]


def test_all_specs_are_mutated() -> None:
    """The folders are found: a wrong path here would leave nothing to mutate."""
    names = {case.name for case in corpus()}
    assert {"examples/22-locked-onnx", "examples/07-optimize-sklearn-to-onnx/onnx", "tests/golden/everything"} <= names
    assert len(names) > 300
    assert len([case for case in corpus() if case.is_sound]) > 30


def test_the_least_is_left() -> None:
    """What an input does not need to show a bug is left out, in each of its files."""
    case = Case("x", _ROOT, {SPEC: b"a: 1\nb: [2, 3]\nc: 4\n", "serving.lock": b"x"})
    small = minimal(case, lambda other: b"3" in other.files[SPEC])
    assert small.files == {SPEC: b"3", "serving.lock": b""}
