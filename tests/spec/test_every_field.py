"""Every field of the spec, misspelt once and given a wrong kind of value once: walked from the models themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from servespec.diagnostics.locate import locate
from servespec.diagnostics.types import Findings, Part
from servespec.source import load
from servespec.spans import Route, Span, Value, dotted
from servespec.spec.decode import decode
from servespec.spec.fields import blocks_in
from servespec.spec.root import Spec
from servespec.targets.registry import TARGETS

_OPTIONS = {name: target.options for name, target in TARGETS.items()}
_FILE = Path(__file__).parents[1] / "golden" / "everything" / "serving.yaml"
_EVERYTHING = cast("dict[str, Value]", load("serving.yaml", _FILE.read_bytes()).document.value)


def _fields(annotation: Any, value: Value, route: Route = ()) -> Iterator[Route]:
    """The route of every field of a model that `value` sets, through lists, maps and unions."""
    for model in blocks_in(annotation):
        for name, field in model.model_fields.items():
            if isinstance(value, dict) and name in value:
                yield (*route, name)
                yield from _below(field.annotation, value[name], (*route, name))


def _below(annotation: Any, value: Value, route: Route) -> Iterator[Route]:
    if not list(blocks_in(annotation)):
        return
    yield from _fields(annotation, value, route)
    items = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, item in items:
        if isinstance(item, dict):
            yield from _fields(annotation, item, (*route, key))


_ROUTES = (
    *(route for route in dict.fromkeys(_fields(Spec, _EVERYTHING)) if route != ("apiVersion",)),
    ("targets", "torchserve", "archive"),
)
_ANY_JSON = (("examples", 0, "request"), ("examples", 0, "expect"))


def _changed(route: Route, change: Any) -> str:
    """`everything` as text, with `change` applied to the block that holds `route` and its last step."""
    spec = json.loads(json.dumps(_EVERYTHING))
    holder = spec
    for step in route[:-1]:
        holder = holder[step]
    change(holder, route[-1])
    return json.dumps(spec, indent=1)


def _found(text: str) -> list[tuple[str, str, Route | Span, Part]]:
    """Code and help of each finding, and where it points."""
    document = load("serving.yaml", text.encode()).document
    report = decode(document, options=_OPTIONS).report
    located = locate((Findings(document, report),))
    assert all(item.primary.span.end <= len(text) for item in located)
    firsts = [(item.diagnostic, item.diagnostic.labels[0]) for item in located]
    return [(diagnostic.code, diagnostic.help, label.at, label.part) for diagnostic, label in firsts]


def test_all_fields_are_walked() -> None:
    """The walk reaches every block; a block that it misses would make the tests below pass."""
    walked = {tuple(step for step in route if isinstance(step, str)) for route in _ROUTES}
    assert len(walked) > 90
    assert ("signature", "inputs", "tensors", "datatype") in walked
    assert ("runtime", "env", "STORE_TOKEN", "secret") in walked
    assert ("overrides", "merge") in walked


@pytest.mark.parametrize("route", _ROUTES, ids=dotted)
def test_a_misspelt_field(route: Route) -> None:
    """A field with a letter too many is marked at its key, the right name is proposed, and nothing else is said."""
    name = str(route[-1])
    typo = name[:2] + name[1:]

    def misspell(holder: Any, key: Any) -> None:
        items = {typo if old == key else old: value for old, value in holder.items()}
        holder.clear()
        holder.update(items)

    found = _found(_changed(route, misspell))
    assert found == [("unknown-field", f"did you mean `{name}`?", (*route[:-1], typo), Part.KEY)]


@pytest.mark.parametrize("route", _ROUTES, ids=dotted)
def test_a_wrong_kind_of_value(route: Route) -> None:
    """A list of lists where one value or a block belongs, or a boolean where a list or map does, is marked there."""

    def spoil(holder: Any, key: Any) -> None:
        holder[key] = True if isinstance(holder[key], list | dict) else [[]]

    found = [(code, at, part) for code, _, at, part in _found(_changed(route, spoil))]
    assert found == ([] if route in _ANY_JSON else [("wrong-type", route, Part.VALUE)])


@pytest.mark.parametrize("route", _ROUTES, ids=dotted)
def test_nothing_where_a_value_belongs(route: Route) -> None:
    """A key without a value is the default of a field that may be left out, else it is marked; it never breaks."""
    found = _found(_changed(route, lambda holder, key: holder.__setitem__(key, None)))
    assert [at for _, _, at, _ in found] in ([], [route])
