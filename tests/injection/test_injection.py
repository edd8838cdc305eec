"""No value escapes. In each text of a spec a share of the payloads is tried; `SERVESPEC_PAYLOADS=126` tries them all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from servespec.pipeline import making
from servespec.spans import dotted
from tests.injection.leaves import texts
from tests.injection.payloads import PAYLOADS
from tests.injection.trying import Place, Project
from tests.projects import spoil

_ROOT = Path(__file__).parents[2]
_EVERYTHING = Project(_ROOT / "tests" / "golden" / "everything")
_PLACES = [Place(_EVERYTHING, route, text) for route, text in texts(_EVERYTHING.spec)]
_SCHEMA = json.loads((_ROOT / "schema" / "serving.schema.json").read_text(encoding="utf-8"))
_TRIED = int(os.environ.get("SERVESPEC_PAYLOADS", "2"))

_ELSEWHERE = {"network.expose.gateway.name", "signature.outputs.tensors.name"}
"""Texts that `everything` can't say beside what it says."""
DERIVED = {
    "model.name": "Seldon's graph takes the name of Kubernetes where it can't take this one",
    "connections[3].auth.secret": "names of environment variables are made of it",
    "connections[5].auth.secret": "names of environment variables are made of it",
    "batch.env.AWS_REGION": "the DAG's pods double each dollar sign, which Kubernetes halves",
    "batch.input.uri": "the DAG waits in its folder",
}
"""Texts of which something is made that is another text, with what that is: the shape of each file stays as it is."""
_PATHS = ("streaming.features", "streaming.sink.key")
"""Texts in which a dot leads into a map: with one a worker is told two names, or more."""


def share(place: Place, number: int) -> Iterator[str]:
    """Some of the payloads, other ones for each place, always the same."""
    first = crc32(dotted(place.route).encode()) % len(PAYLOADS)
    step = len(PAYLOADS) // number
    return (PAYLOADS[(first + step * index) % len(PAYLOADS)] for index in range(number))


@pytest.mark.parametrize("place", _PLACES, ids=lambda place: dotted(place.route))
def test_a_text_is_refused_or_comes_back(place: Place) -> None:
    """Whatever stands in a text of a spec, no file that is emitted means more or less than that text by it."""
    path = dotted(place.route).startswith(_PATHS)
    for payload in share(place, _TRIED):
        if path and "." in payload:
            continue
        outcome = place.put(payload)
        assert outcome.kind != "escaped", (payload, outcome.where)
        if outcome.kind == "derived":
            assert dotted(place.route) in DERIVED, (payload, outcome.where)


def test_there_are_many_payloads() -> None:
    """None is there twice."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 80


def test_an_escape_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language whose rule for quoting is lost in one target lets a payload through, and that is found."""
    (place,) = (place for place in _PLACES if place.route == ("runtime", "env", "OMP_NUM_THREADS"))
    assert place.put("${HOME}").kind == "kept"
    spoil(monkeypatch, "compose", "$$", "$", always=False)
    monkeypatch.setattr(making, "verify", lambda bundle: ())  # which notices it too
    assert place.put("${HOME}").kind == "escaped"


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
    tried = {tuple(step for step in place.route if isinstance(step, str)) for place in _PLACES}
    free = {route for route in _free_texts(_SCHEMA) if route[0] != "variants"}  # which have the models of the blocks
    missing = {route for route in free if not any(place[: len(route)] == route for place in tried)}
    assert {".".join(route) for route in missing} == _ELSEWHERE
