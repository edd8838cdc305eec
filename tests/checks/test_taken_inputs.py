"""What a model takes, against names as they are written."""

from __future__ import annotations

from servespec.checks.taken_inputs import Taken, as_typed
from servespec.models import Column, Face
from servespec.records import replace

_FACE = Face((Column("at_hour", "FP32"), Column("amount", "FP32")), ())
_SAVED = Taken(_FACE, ("model", "uri"), "model", passes_over=False, joins=True)


def test_names_with_blanks_are_those_that_lightgbm_saves() -> None:
    """It writes `_` for each blank, and nothing else is another name's spelling."""
    assert _SAVED.unknown(["at hour", "at\tamount", "athour"]) == (1, 2)
    assert _SAVED.swaps(["amount", "at hour"])
    assert not _SAVED.swaps(["at hour", "amount"])
    assert _SAVED.placed(["amount", "at hour"]) == ("at hour", "amount")


def test_other_models_keep_blanks() -> None:
    """To them `at hour` and `at_hour` are two columns."""
    kept = replace(_SAVED, joins=False)
    assert kept.unknown(["at hour", "amount"]) == (0,)
    assert not kept.swaps(["amount", "at hour"])


def test_of_two_columns_of_one_name_none_is_swapped() -> None:
    """Which is which nobody knows."""
    twice = replace(_SAVED, face=Face((*_FACE.columns, _FACE.columns[0]), ()))
    assert not twice.swaps(["amount", "at_hour", "at_hour"])


def test_what_is_read_is_typed() -> None:
    """A hundred and sixty characters are read by a person; of more the help names where they are listed."""
    room = 160 - len("columns: []")
    assert as_typed("columns", ["a" * room]) == f"`columns: [{'a' * room}]`"
    assert as_typed("columns", ["a" * (room + 1)]) == ""
    assert as_typed("columns", []) == ""
