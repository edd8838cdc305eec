"""Documents laid over each other: maps merge by key, lists of named things by `name`, `null` deletes, the rest replace.

It is done on documents, before anything is decoded: every value keeps the place where it was written, and the places
of the values that it overrides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from servespec.records import dataclass, replace
from servespec.spans import Document, Place, Route, Scalar, Text, Value, value_at


@dataclass(frozen=True, slots=True)
class Layer:
    """A document, or the part of one at a route, that lies over others or under them."""

    document: Document
    name: str
    """Who sets what is in it, for people: `the spec`, `environment prod`."""
    at: Route = ()
    without: tuple[str, ...] = ()
    """Keys at its top that are no part of it."""
    own: bool = False
    """Whether it is the spec itself: its blocks are where a field is missing, and its `null` is a value."""


@dataclass(frozen=True)
class Overlaid:
    """The document that layers make, and each `null` of an overlay under which there was nothing to delete."""

    document: Document
    idle: tuple[Place, ...]


def overlay(layers: Sequence[Layer]) -> Overlaid:
    """One document of several, the lowest first. What of a layer is no map lies nowhere."""
    merging = _Merging()
    whole = _Tree(Place(None, layers[0].document.place(()).value), layers[0], fields={})
    for layer in layers:
        part = value_at(layer.document.value, layer.at)
        if isinstance(part, dict):
            kept: Value = {key: item for key, item in part.items() if key not in layer.without}
            whole = merging.merged(whole, _grown(layer, kept, layer.at))
    flat = _Flat()
    value = flat.walk(whole, ())
    own = next((layer.document for layer in layers if layer.own), layers[0].document)
    texts: Mapping[str, Text] = {path: text for layer in layers for path, text in layer.document.texts.items()}
    ambiguous = tuple(flat.ambiguous)
    return Overlaid(
        Document(own.path, value, flat.where, texts, ambiguous, flat.beneath, flat.layers, flat.deleted),
        tuple(merging.idle),
    )


@dataclass(frozen=True, slots=True)
class _Tree:
    """A value with all that its document knows of it: a scalar unless it has fields or items."""

    place: Place
    layer: Layer
    scalar: Scalar = None
    fields: dict[str, _Tree] | None = None
    items: tuple[_Tree, ...] | None = None
    ambiguous: bool = False
    beneath: tuple[Place, ...] = ()
    deleted: Mapping[str, Place] = field(default_factory=dict)
    """Of the fields that are no more, the place of the `null` that took them away."""

    @property
    def is_null(self) -> bool:
        return self.fields is None and self.items is None and self.scalar is None

    def over(self, lower: _Tree) -> _Tree:
        """The tree in the place of another."""
        return replace(self, beneath=(lower.place, *lower.beneath))


def _grown(layer: Layer, value: Value, route: Route) -> _Tree:
    place = layer.document.place(route)
    if isinstance(value, dict):
        return _Tree(place, layer, fields={key: _grown(layer, item, (*route, key)) for key, item in value.items()})
    if isinstance(value, list):
        items = (_grown(layer, item, (*route, index)) for index, item in enumerate(value))
        return _Tree(place, layer, items=tuple(items))
    return _Tree(place, layer, scalar=value, ambiguous=route in layer.document.ambiguous)


class _Merging:
    """The merging of two trees at a time, and what in it came to nothing."""

    def __init__(self) -> None:
        self.idle: list[Place] = []

    def merged(self, lower: _Tree | None, upper: _Tree) -> _Tree:
        """`upper` over what is there."""
        if upper.fields is not None:
            return self._map(lower, upper, upper.fields)
        if lower is None:
            return upper
        below, above = _by_name(lower), _by_name(upper)
        if below is None or above is None:
            return upper.over(lower)
        items = [self._named(item, above[name]) if name in above else item for name, item in below.items()]
        more = [item for name, item in above.items() if name not in below]
        return replace(_holder(lower, upper), items=(*items, *more))

    def _named(self, lower: _Tree, upper: _Tree) -> _Tree:
        """One named thing over the other: the name is how they were found, and overrides nothing."""
        assert upper.fields is not None
        rest = {key: item for key, item in upper.fields.items() if key != "name"}
        return self.merged(lower, replace(upper, fields=rest))

    def _map(self, lower: _Tree | None, upper: _Tree, above: Mapping[str, _Tree]) -> _Tree:
        fields = dict(lower.fields) if lower is not None and lower.fields is not None else {}
        deleted = dict(lower.deleted) if lower is not None else {}
        for key, item in above.items():
            if not item.is_null or (upper.layer.own and key not in fields):
                fields[key] = self.merged(fields.get(key), item)
            elif key in fields and _is_value(fields[key]):
                continue
            elif fields.pop(key, None) is None:
                self.idle.append(item.place)
            else:
                deleted[key] = item.place
        if lower is None:
            return replace(upper, fields=fields)
        whole = _holder(lower, upper) if lower.fields is not None else upper.over(lower)
        return replace(whole, fields=fields, deleted=deleted)


def _is_value(lower: _Tree) -> bool:
    """Whether it is the `null` of an item that an overlay has added, as another one with the same item says again."""
    return lower.is_null and not lower.layer.own


def _holder(lower: _Tree, upper: _Tree) -> _Tree:
    """Which of two that become one stands for both: that of the spec, else the upper one."""
    return lower if lower.layer.own else upper


def _by_name(tree: _Tree) -> dict[str, _Tree] | None:
    """The items of a list of named things; None for any other value. An empty list names nothing: it replaces."""
    named: dict[str, _Tree] = {}
    for item in tree.items or ():
        name = item.fields.get("name") if item.fields is not None else None
        if name is None or not isinstance(name.scalar, str) or name.scalar in named:
            return None  # of two with one name, either could be meant: the check of names says so
        named[name.scalar] = item
    return named or None


@dataclass(frozen=True, slots=True)
class _Flat:
    """What a tree comes down to, filled while it is walked."""

    where: dict[Route, Place] = field(default_factory=dict)
    beneath: dict[Route, tuple[Place, ...]] = field(default_factory=dict)
    layers: dict[Route, str] = field(default_factory=dict)
    deleted: dict[Route, Place] = field(default_factory=dict)
    ambiguous: list[Route] = field(default_factory=list)

    def walk(self, tree: _Tree, route: Route) -> Value:
        """The plain value of a tree, all of whose places are noted."""
        self.where[route], self.layers[route] = tree.place, tree.layer.name
        if tree.beneath:
            self.beneath[route] = tree.beneath
        if tree.ambiguous:
            self.ambiguous.append(route)
        self.deleted.update(((*route, key), place) for key, place in tree.deleted.items())
        if tree.fields is not None:
            return {key: self.walk(item, (*route, key)) for key, item in tree.fields.items()}
        if tree.items is not None:
            return [self.walk(item, (*route, index)) for index, item in enumerate(tree.items)]
        return tree.scalar
