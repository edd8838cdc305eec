"""From a dotted path, as an origin has it, to a route into data."""

from __future__ import annotations

import re
from collections.abc import Iterable

from servespec.spans import Route, Value, value_at

_STEP = re.compile(r"\[([0-9]+)\]|\.?([^.\[]+)")


def route_of(path: str, value: Value) -> Route:
    """The route that `path` spells. Keys may hold dots and brackets: the longest key that is there is meant."""
    route: list[str | int] = []
    while path:
        step, path = _step(path, value)
        route.append(step)
        value = value_at(value, (step,))
    return tuple(route)


def _step(path: str, value: Value) -> tuple[str | int, str]:
    """The first step of a path, and the rest of it."""
    bare = path.removeprefix(".")
    if isinstance(value, dict) and (key := max(_keys(bare, value), key=len, default="")):
        return key, bare[len(key) :]
    match = _STEP.match(path)
    if match is None:
        return bare, ""
    return (int(match[1]) if match[1] else match[2]), path[match.end() :]


def _keys(path: str, keys: Iterable[str]) -> Iterable[str]:
    return (key for key in keys if path.startswith(key) and path[len(key) : len(key) + 1] in ("", ".", "["))
