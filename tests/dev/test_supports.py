"""Every field has an answer from every target, and no answer is for a field that is not there."""

from __future__ import annotations

import pytest

from servespec.dev.schema import schema
from servespec.reference.fields import ANY_KEY, answers, fields
from servespec.targets.capabilities import answer
from servespec.targets.contract import Target
from servespec.targets.registry import TARGETS

_SCHEMA = schema()
_FIELDS = fields(_SCHEMA)


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_every_field_is_answered(target: Target) -> None:
    """A target says of each field whether it keeps it, so that no field is lost silently."""
    leaves = [path for path, field in _FIELDS.items() if not field.children]
    assert len(leaves) > 60
    assert [path for path in leaves if answer(target, tuple(path.split("."))) is None] == []


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_no_answer_is_for_nothing(target: Target) -> None:
    """A row of a target's table that names no field would say something about nothing."""
    assert [path for path in target.supports if path not in _FIELDS or ANY_KEY in path] == []


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_less_than_kept_has_a_reason(target: Target) -> None:
    """Whoever loses a field is told why."""
    poor = [path for path, s in target.supports.items() if s.degree in ("approximated", "dropped") and not s.reason]
    assert poor == []


@pytest.mark.parametrize("path", _FIELDS)
def test_the_reference_tells_what_a_build_tells(path: str) -> None:
    """`explain FIELD` reads the tables from the schema, and says what the targets' own tables say."""
    told = {item.target: (item.degree, item.reason) for item in answers(_SCHEMA, path)}
    meant = {target.name: answer(target, tuple(path.split("."))) for target in TARGETS.values()}
    assert told == {name: (given.degree, given.reason) for name, given in meant.items() if given}
