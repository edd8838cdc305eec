"""Every text of a spec, every key, and the spec with another text in that place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from servespec.spans import Route


def texts(value: Any, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """The route of each text, with the text."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*route, index))


def keys(value: Any, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """The route of each value of a map, with its key."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*route, key), key
            yield from keys(item, (*route, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from keys(item, (*route, index))


def replaced(spec: Any, route: Route, value: Any) -> Any:
    """The spec with another value at a route."""
    new = copy.deepcopy(spec)
    holder = new
    for step in route[:-1]:
        holder = holder[step]
    holder[route[-1]] = value
    return new


def renamed(spec: Any, route: Route, text: str) -> Any:
    """The spec with another key in the place of the last one of a route, in the same place of its map."""
    new = copy.deepcopy(spec)
    holder = new
    for step in route[:-1]:
        holder = holder[step]
    items = {text if key == route[-1] else key: item for key, item in holder.items()}
    holder.clear()
    holder.update(items)
    return new
