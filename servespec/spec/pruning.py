"""Leaving out what is wrong, so that the rest of a spec can still be looked at in the same run."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from servespec.records import dataclass
from servespec.spans import Route, Value


@dataclass(frozen=True)
class Pruned:
    """What is left of a value, and where in the original each list's items stood."""

    value: Value
    kept: Mapping[Route, tuple[int, ...]]
    """By the original route of a list that lost items: the original indices of those that are left."""


def prune(value: Value, routes: frozenset[Route]) -> Pruned:
    """`value` without what stands at `routes`. Nothing is changed in place."""
    kept: dict[Route, tuple[int, ...]] = {}
    return Pruned(_left(value, (), routes, kept), kept)


def beginning(value: Value, most: int) -> Value:
    """`value` with no more than so many of the first items of each list and map."""
    if isinstance(value, dict):
        return {key: beginning(item, most) for key, item in islice(value.items(), most)}
    if isinstance(value, list):
        return [beginning(item, most) for item in value[:most]]
    return value


def filled(value: Value, stand_ins: Mapping[Route, Value]) -> Value:
    """`value` with the stand-ins at their routes, which lead through maps. Nothing is changed in place."""
    for route, stand_in in stand_ins.items():
        value = _with(value, route, stand_in)
    return value


def original(route: Route, kept: Mapping[Route, tuple[int, ...]]) -> Route:
    """The route in the original of what stands at `route` in what is left of it."""
    found: Route = ()
    for step in route:
        indices = kept.get(found)
        found = (*found, indices[step] if indices is not None and isinstance(step, int) else step)
    return found


def _left(value: Value, at: Route, routes: frozenset[Route], kept: dict[Route, tuple[int, ...]]) -> Value:
    if isinstance(value, dict):
        return {key: _left(item, (*at, key), routes, kept) for key, item in value.items() if (*at, key) not in routes}
    if isinstance(value, list):
        indices = tuple(index for index in range(len(value)) if (*at, index) not in routes)
        if len(indices) < len(value):
            kept[at] = indices
        return [_left(value[index], (*at, index), routes, kept) for index in indices]
    return value


def _with(value: Value, route: Route, new: Value) -> Value:
    if not route:
        return new
    held = value if isinstance(value, dict) else {}
    return {**held, str(route[0]): _with(held.get(str(route[0])), route[1:], new)}
