"""Every target answers for every field of the spec, and what it loses is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servespec.targets.capabilities import answer
from servespec.targets.contract import Degree, Target
from servespec.targets.registry import TARGETS

_SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "serving.schema.json").read_text())


def _fields(schema: Any, route: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The routes of all fields of the schema, through references, alternatives and items."""
    if "$ref" in schema:
        schema = _SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    for below in (
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
        *([schema["items"]] if "items" in schema else ()),
    ):
        yield from _fields(below, route)
    for name, below in schema.get("properties", {}).items():
        yield (*route, name)
        yield from _fields(below, (*route, name))


_ROUTES = sorted(set(_fields(_SCHEMA)))
targets = pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)


def test_the_fields_are_found() -> None:
    """The schema is walked: a wrong path here would make every other test pass."""
    assert len(_ROUTES) > 80
    assert ("signature", "inputs", "tensors", "shape") in _ROUTES


@targets
def test_every_field_has_an_answer(target: Target) -> None:
    """No field is silently ignored: it is kept, approximated, dropped, or not what the target is about."""
    assert [route for route in _ROUTES if answer(target, route) is None] == []


@targets
def test_every_answer_is_about_a_field(target: Target) -> None:
    """The table names no field that is not there, and gives a reason exactly for a loss."""
    known = {".".join(route) for route in _ROUTES}
    assert set(target.supports) <= known
    for support in target.supports.values():
        assert bool(support.reason) == (support.degree in (Degree.APPROXIMATED, Degree.DROPPED))
