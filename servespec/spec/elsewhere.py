"""Where a field belongs that stands in the wrong place: read off the models, only when something is to be explained."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from servespec.node import Node
from servespec.records import dataclass
from servespec.spans import Document, Route
from servespec.spec.later import stood_for

_MOST = 3
"""Places that are told. Of a name that stands in many (`name`, `namespace`) none is likely."""
_PATTERNS = ("batch", "streaming")
"""Blocks of a pattern: hardly anybody means one of them in a spec that has another."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A block that has a field of the name."""

    at: Route
    listed: bool
    """Whether it is in a list, so that there may be many of it, or none."""


def elsewhere(document: Document, route: Route, model: type[Node], *, options: Mapping[str, type[Node]]) -> list[Route]:
    """The blocks under one of which the field was probably meant that is none at `route`; empty when nobody can tell.

    Likeliest are blocks below the one where it stands, then others that every spec has, then those that this one
    writes; those of another pattern only for a field that stands nowhere else.
    """
    name, here = str(route[-1]), tuple(step for step in route[:-1] if isinstance(step, str))
    known = [*_index(model).get(name, ())]
    for key, option in options.items():
        known += [_Place(("targets", key, *place.at), place.listed) for place in _index(option).get(name, ())]
    free = [place for place in known if not document.written((*place.at, name))]
    below = [place for place in free if here and place.at[: len(here)] == here]
    single = [place for place in free if not place.listed and _is_asked(document, place.at)]
    written = [place for place in free if document.written(place.at)]
    others = [] if here or len(free) < len(known) else free
    return next((found for found in map(_nearest, (below, single, written, others)) if found), [])


def _nearest(places: Sequence[_Place]) -> list[Route]:
    """Those with the fewest steps, unless they are too many to tell."""
    least = min((len(place.at) for place in places), default=0)
    found = [place.at for place in places if len(place.at) == least]
    return found if len(found) <= _MOST else []


def _is_asked(document: Document, at: Route) -> bool:
    """Whether the spec has that block's pattern, for a block that belongs to one."""
    value = document.value
    asked = value.get("pattern") if isinstance(value, dict) else None
    return not at or at[0] not in _PATTERNS or (isinstance(asked, str | list) and at[0] in asked)


@cache
def _index(model: type[BaseModel]) -> Mapping[str, Sequence[_Place]]:
    """Every field's name with the blocks that have it; not those in maps, whose keys are free."""
    found: dict[str, list[_Place]] = {}
    for name, place in _places(model, _Place((), listed=False)):
        found.setdefault(name, []).append(place)
    return found


def _places(block: type[BaseModel], place: _Place) -> Iterator[tuple[str, _Place]]:
    for name, field in block.model_fields.items():
        yield name, place
        for below, listed in _blocks(field.annotation):
            yield from _places(below, _Place((*place.at, name), place.listed or listed))


def _blocks(annotation: Any) -> Iterator[tuple[type[BaseModel], bool]]:
    """The models in an annotation, each with whether it is in a list."""
    annotation = stood_for(annotation)
    origin = get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation, False
    for argument in () if origin is dict else get_args(annotation):
        yield from ((block, listed or origin is tuple) for block, listed in _blocks(argument))
