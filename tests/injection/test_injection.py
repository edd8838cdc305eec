"""No value escapes. In each text of a spec a share of the payloads is tried; `make trust` tries them all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servespec.pipeline import making
from servespec.spans import dotted
from tests.injection.everything import PLACES, escape, share
from tests.injection.payloads import PAYLOADS
from tests.injection.trying import Harmless, Place
from tests.projects import spoil

_SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "serving.schema.json").read_text(encoding="utf-8"))
_TRIED = int(os.environ.get("SERVESPEC_PAYLOADS", "2"))

_ELSEWHERE = {"network.expose.gateway.name", "signature.outputs.tensors.name"}
"""Texts that `everything` can't say beside what it says."""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: dotted(place.route))
def test_a_text_is_refused_or_comes_back(place: Place) -> None:
    """Whatever stands in a text of a spec, no file that is emitted means more or less than that text by it."""
    for payload in share(place, _TRIED):
        assert not escape(place, place.put(payload)), payload


def test_there_are_many_payloads() -> None:
    """None is there twice."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 80


def test_an_escape_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language whose rule for quoting is lost in one target lets a payload through, and that is found."""
    (place,) = (place for place in PLACES if place.route == ("runtime", "env", "OMP_NUM_THREADS"))
    assert place.put("${HOME}").kind == "kept"
    spoil(monkeypatch, "compose", "$$", "$", always=False)
    monkeypatch.setattr(making, "verify", lambda bundle: ())  # which notices it too
    assert place.put("${HOME}").kind == "escaped"


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"a.yaml": "x: 1", "b.json": '{"y": "%x"}'}, "kept"),
        ({"a.yaml": "x: 2", "b.json": '{"y": "%x"}'}, "escaped"),
        ({"a.yaml": "x: 1", "b.json": '{"y": "marker"}'}, "derived"),
        ({"a.yaml": "x: 1"}, "escaped"),
    ],
    ids=["as it was", "in a file that does not say it", "still what it was before", "no file"],
)
def test_what_became_of_a_text_is_seen_in_each_file(files: dict[str, str], kind: str) -> None:
    """Also in a file that says nothing of it, in one that says no other text by it, and in one that is not made."""
    harmless = Harmless("marker", {"a.yaml": "x: 1", "b.json": '{"y": "marker"}'})
    assert harmless.compared(files, "%x").kind == kind


def _free_texts(node: Any, route: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The fields of the schema that take a text which is not one of a few words."""
    if "$ref" in node:
        node = {**_SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], **node}
    if node.get("type") == "string" and "enum" not in node and "const" not in node:
        yield route
    for below in (*node.get("anyOf", ()), *node.get("oneOf", ()), *([node["items"]] if "items" in node else ())):
        yield from _free_texts(below, route)
    for name, below in node.get("properties", {}).items():
        yield from _free_texts(below, (*route, name))


def test_every_text_of_the_schema_is_tried() -> None:
    """A field that takes text enters this test with the schema."""
    tried = {tuple(step for step in place.route if isinstance(step, str)) for place in PLACES}
    free = {route for route in _free_texts(_SCHEMA) if route[0] != "variants"}  # which have the models of the blocks
    missing = {route for route in free if not any(place[: len(route)] == route for place in tried)}
    assert {".".join(route) for route in missing} == _ELSEWHERE
