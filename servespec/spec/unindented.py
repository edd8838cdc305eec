"""Fields that follow the key of their block in its own column: one mistake, and not one for each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import pairwise, takewhile

from servespec.spans import Route, Value


def unindented(
    unknown: Collection[Route], *, value_at: Callable[[Route], Value], fields_at: Callable[[Route], Collection[str]]
) -> Mapping[Route, tuple[Route, ...]]:
    """The blocks that say nothing, each with the unknown fields right after it that are its own.

    `unknown` are the routes of all keys that are no fields where they stand.
    """
    found: dict[Route, tuple[Route, ...]] = {}
    for at in dict.fromkeys(route[:-1] for route in unknown):
        block = value_at(at)
        assert isinstance(block, dict), "a key stands in a map"
        strange = {str(route[-1]) for route in unknown if route[:-1] == at}
        keys = [*block]
        for index, (key, follower) in enumerate(pairwise(keys), 1):
            if block[key] is None and follower in strange:
                own = strange.intersection(fields_at((*at, key)))
                if names := tuple(takewhile(own.__contains__, keys[index : index + len(own)])):
                    found[*at, key] = tuple((*at, name) for name in names)
    return found
