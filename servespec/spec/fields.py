"""Which fields a place of the spec may have: read off the models, only when there is something to explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from servespec.node import Node
from servespec.spans import Route


def fields_at(model: type[Node], route: Route, *, options: Mapping[str, type[Node]]) -> tuple[str, ...]:
    """The names of the fields that the block at `route` takes; empty when it is no block."""
    if route[:1] == ("targets",) and len(route) >= 2:
        target = options.get(str(route[1]))
        return fields_at(target, route[2:], options={}) if target else ()
    blocks = {model}
    for step in route:
        blocks = set().union(*(_below(block, step) for block in blocks)) if blocks else set()
    return tuple(dict.fromkeys(name for block in blocks for name in block.model_fields))


def _below(block: type[BaseModel], step: str | int) -> set[type[Any]]:
    if isinstance(step, int):
        return {block}
    field = block.model_fields.get(step)
    return set(_models(field.annotation)) if field else {block}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, through unions, lists and maps."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
