"""Documents laid over each other: what comes of every pair of values, and that each value keeps its place."""

from __future__ import annotations

from typing import Any, cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from servespec.source import load
from servespec.source.overlay import Layer, Overlaid, overlay
from servespec.spans import Document, Route, walk


def _document(name: str, text: str) -> Document:
    return load(name, text.encode()).document


def _laid(*texts: str) -> Overlaid:
    """The first text as the spec, and the others over it."""
    first, *rest = (_document(f"{number}.yaml", text) for number, text in enumerate(texts))
    return overlay([Layer(first, "the spec", own=True), *(Layer(document, "an overlay") for document in rest)])


_RULES = {
    "a field that is new": ("{a: 1}", "{b: 2}", {"a": 1, "b": 2}),
    "a field that is there": ("{a: 1, b: 1}", "{a: 2}", {"a": 2, "b": 1}),
    "maps merge at any depth": ("{a: {b: {c: 1, d: 1}}}", "{a: {b: {c: 2}}}", {"a": {"b": {"c": 2, "d": 1}}}),
    "null deletes a field": ("{a: {b: 1, c: 1}}", "{a: {b: null}}", {"a": {"c": 1}}),
    "null deletes a block": ("{a: {b: 1}, c: 1}", "{a: null}", {"c": 1}),
    "lists replace": ("{a: [1, 2, 3]}", "{a: [4]}", {"a": [4]}),
    "named things merge, in the order of the lower, new ones after": (
        "{a: [{name: x, k: 1}, {name: y, k: 1}]}",
        "{a: [{name: z}, {name: y, k: 2}]}",
        {"a": [{"name": "x", "k": 1}, {"name": "y", "k": 2}, {"name": "z"}]},
    ),
    "null deletes in a named thing": ("{a: [{name: x, k: {b: 1}}]}", "{a: [{name: x, k: null}]}", {"a": [{"name": "x"}]}),
    "null in a new item is a value": ("{a: [{name: x}]}", "{a: [{name: y, k: null}]}", {"a": [{"name": "x"}, {"name": "y", "k": None}]}),
    "an empty list replaces": ("{a: [{name: x}]}", "{a: []}", {"a": []}),
    "one item without a name, and the list replaces": ("{a: [{name: x}]}", "{a: [{name: x, k: 1}, {k: 2}]}", {"a": [{"name": "x", "k": 1}, {"k": 2}]}),
    "of two with one name neither is guessed": ("{a: [{name: x}, {name: x}]}", "{a: [{name: x, k: 1}]}", {"a": [{"name": "x", "k": 1}]}),
    "a map replaces text": ("{a: text}", "{a: {b: 1}}", {"a": {"b": 1}}),
    "text replaces a map": ("{a: {b: 1}}", "{a: text}", {"a": "text"}),
    "false and 0 are values": ("{a: true, b: 1}", "{a: false, b: 0}", {"a": False, "b": 0}),
    "null in the spec is a value": ("{a: null}", "{}", {"a": None}),
}  # fmt: skip


@pytest.mark.parametrize("rule", _RULES)
def test_a_rule(rule: str) -> None:
    """Each rule of merging, by an example."""
    lower, upper, expected = _RULES[rule]
    laid = _laid(lower, upper)
    assert laid.document.value == expected
    assert list(cast("dict[str, Any]", laid.document.value)) == list(expected)
    assert laid.idle == ()


def test_the_last_layer_wins() -> None:
    """Three layers merge one after the other: what the second deletes, the third can set again."""
    assert _laid("{a: 1, b: 1}", "{a: null, b: 2}", "{a: 3}").document.value == {"b": 2, "a": 3}


def test_what_one_layer_adds_the_next_can_take_away() -> None:
    """A field is deleted whoever has set it, and in a named thing too."""
    assert _laid("{a: 1}", "{b: 1}", "{b: null}").document.value == {"a": 1}
    assert _laid("{}", "{a: [{name: y, k: 1}]}", "{a: [{name: y, k: null}]}").document.value == {"a": [{"name": "y"}]}


def test_a_null_in_a_new_item_is_a_value_however_often_it_is_said() -> None:
    """Two overlays that add the same item add the same values; it is the spec's own `null` that one takes away."""
    new = "{a: [{name: y, k: null}]}"
    added = {"a": [{"name": "x"}, {"name": "y", "k": None}]}
    assert _laid("{a: [{name: x}]}", new).document.value == added
    assert _laid("{a: [{name: x}]}", new, new).document.value == added
    assert _laid("{a: [{name: y, k: null}]}", new).document.value == {"a": [{"name": "y"}]}


def test_a_null_that_deletes_nothing_is_told() -> None:
    """It stays out of the document, and its place is known, however deep it stands."""
    laid = _laid("{a: 1}", "{b: null, c: {d: {e: null}}}")
    assert laid.document.value == {"a": 1, "c": {"d": {}}}
    assert [(place.value.path, laid.document.slice(place.value)) for place in laid.idle] == [("1.yaml", "null")] * 2


def test_places_are_those_of_who_said_it() -> None:
    """A value stands where it was written, and knows what it overrides; a block of both is the spec's."""
    document = _laid("r: {w: 1, t: 2}\nl: [{name: x, k: 1}]\n", "r: {w: 3}\nl: [{name: y}, {name: x, k: 4}]\n").document

    def at(route: Route) -> tuple[str, str]:
        span = document.place(route).value
        return span.path, document.slice(span)

    assert at(("r", "w")) == ("1.yaml", "3")
    assert at(("r", "t")) == ("0.yaml", "2")
    assert at(("r",))[0] == "0.yaml"
    assert at(("l", 0, "k")) == ("1.yaml", "4")
    assert at(("l", 1, "name")) == ("1.yaml", "y")
    (beneath,) = document.overridden(("r", "w"))
    assert (beneath.value.path, document.slice(beneath.value)) == ("0.yaml", "1")
    assert document.overridden(("r", "t")) == ()
    assert document.layers[("r", "w")] == "an overlay"
    assert document.layers[("r", "t")] == "the spec"


def test_a_block_of_several_is_the_specs_or_the_uppermosts() -> None:
    """A field that is missing is told of in the spec's block, whatever lies beneath; without one, in the last."""
    root, spec, above = (_document(name, "r: {w: 1}\n") for name in ("root", "spec", "above"))
    layers = [Layer(root, "the root"), Layer(spec, "the spec", own=True), Layer(above, "above")]
    assert overlay(layers).document.place(("r",)).value.path == "spec"
    assert overlay(layers[:2]).document.place(()).value.path == "spec"
    assert overlay([layers[0], layers[2]]).document.place(("r",)).value.path == "above"


def test_what_was_replaced_is_overridden_by_all_in_its_place() -> None:
    """An item of a list that replaces another list overrides that list."""
    document = _laid("{a: [1, 2]}", "{a: [3]}").document
    (beneath,) = document.overridden(("a", 0))
    assert document.slice(beneath.value) == "[1, 2]"


def test_doubtful_words_stay_doubtful() -> None:
    """A plain `no` is text in every layer, and told of in every layer but where it was replaced."""
    document = _laid("{a: no, b: no}", "{b: yes, c: on}").document
    assert set(document.ambiguous) == {("a",), ("b",), ("c",)}
    assert document.ambiguous[0] == ("a",)


_values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.sampled_from("xyz"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("a", "b", "name")), inner, max_size=3),
    max_leaves=12,
)
_maps = st.dictionaries(st.sampled_from("abc"), _values, max_size=3)


@given(lower=_maps, upper=_maps)
def test_any_two_maps(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    """Every value has a place in a file that says it, and laid over twice, an overlay changes nothing any more."""
    texts = [yaml.safe_dump(value, default_flow_style=True) for value in (lower, upper)]
    document = _laid(*texts).document
    for route, value in walk(document.value):
        span = document.where[route].value
        assert span.path in document.texts
        if not isinstance(value, dict | list):
            assert yaml.safe_load(document.slice(span)) == value
    assert _laid(*texts, texts[1]).document.value == document.value
