"""Values in the place of wrong ones that a spec can't do without, so that everything else is still looked at."""

from __future__ import annotations

from typing import Any, get_args, get_origin

from pydantic import BaseModel

from servespec.diagnostics.suggest import closest
from servespec.node import Node
from servespec.records import dataclass
from servespec.spans import Route, Value
from servespec.spec.fields import choices
from servespec.spec.later import stood_for


@dataclass(frozen=True, slots=True)
class StandIn:
    """A value that decodes. Nothing that is found about it may be told."""

    value: Value
    about: Route
    """The route that it says something about: the block, when the value decides what the block's others mean."""


def stand_in(model: type[Node], route: Route, *, found: Value) -> StandIn | None:
    """What can stand at `route` in place of `found`; None when its block can be left out, as an item of a list can."""
    annotation: Any = model
    for step in route:
        block = _block(annotation)
        field = block.model_fields.get(step) if block and isinstance(step, str) else None
        if field is None:
            return None
        annotation, needed = field.annotation, field.is_required()
    if not route or not needed:
        return None
    words = choices(annotation)
    if words and len(route) > 1:
        near = closest(found, words) if isinstance(found, str) else None
        return StandIn(near or words[0], route if near else route[:-1])
    value = _value(annotation)
    return None if value is None else StandIn(value, route)


def _block(annotation: Any) -> type[BaseModel] | None:
    """The one block that may stand there, or None for lists, maps, and places of several types."""
    annotation = stood_for(annotation)
    members = [item for item in get_args(annotation) if item is not type(None)] or [annotation]
    only = stood_for(members[0]) if len(members) == 1 and get_origin(annotation) not in (tuple, list, dict) else None
    return only if isinstance(only, type) and issubclass(only, BaseModel) else None


def _value(annotation: Any) -> Value:
    """The plainest value of a type; None for those that no required field outside of lists has."""
    if (block := _block(annotation)) is not None:
        return {name: _value(field.annotation) for name, field in block.model_fields.items() if field.is_required()}
    if words := choices(annotation):
        return words[0]
    return "." if annotation is str else None
