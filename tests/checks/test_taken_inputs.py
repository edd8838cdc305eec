"""What a model takes, against names as they are written."""

from __future__ import annotations

from servespec.checks.taken_inputs import Taken, as_typed
from servespec.models import Column, Face

_SAVED = Taken(Face((Column("at_hour", "FP32"), Column("amount", "FP32")), ()), ("model", "uri"), "model", False)


def test_names_with_blanks_are_those_that_lightgbm_saves() -> None:
    """It writes `_` for each blank, and nothing else is another name's spelling."""
    assert _SAVED.unknown(["at hour", "at\tamount", "athour"]) == (1, 2)
    assert _SAVED.swaps(["amount", "at hour"])
    assert not _SAVED.swaps(["at hour", "amount"])


def test_what_is_read_is_typed() -> None:
    """A hundred and sixty characters are read by a person; of more the help names where they are listed."""
    room = 160 - len("columns: []")
    assert as_typed("columns", ["a" * room]) == f"`columns: [{'a' * room}]`"
    assert as_typed("columns", ["a" * (room + 1)]) == ""
    assert as_typed("columns", []) == ""
