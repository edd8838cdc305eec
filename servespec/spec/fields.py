"""Which fields a place of the spec may have: read off the models, only when there is something to explain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servespec.node import Node
from servespec.spans import Route, Value
from servespec.spec.later import stood_for

_SCALARS = (str, int, float, bool, type(None))


def fields_at(model: type[Node], route: Route, *, options: Mapping[str, type[Node]]) -> tuple[str, ...]:
    """The names of the fields that the block at `route` takes; empty when it is no block."""
    return tuple(dict.fromkeys(name for block in _blocks(model, route, options) for name in block.model_fields))


def field_at(model: type[Node], route: Route, *, options: Mapping[str, type[Node]]) -> FieldInfo | None:
    """The field at `route`, or None for a key of a map and an item of a list."""
    blocks = _blocks(model, route[:-1], options)
    return next((block.model_fields[name] for block in blocks if (name := str(route[-1])) in block.model_fields), None)


def _blocks(model: type[Node], route: Route, options: Mapping[str, type[Node]]) -> tuple[type[BaseModel], ...]:
    """The models of which the block at `route` may be one."""
    if route[:1] == ("targets",) and len(route) >= 2:
        target = options.get(str(route[1]))
        return _blocks(target, route[2:], {}) if target else ()
    blocks: dict[type[BaseModel], None] = {model: None}
    for step in route:
        blocks = dict.fromkeys(below for block in blocks for below in _below(block, step))
    return tuple(blocks)


def choices(annotation: Any) -> tuple[str, ...]:
    """The words of an annotation that takes one of a few, through unions and lists; empty for any other."""
    if get_origin(annotation) is Literal:
        return tuple(get_args(annotation))
    return tuple(dict.fromkeys(word for argument in get_args(annotation) for word in choices(argument)))


def takes(annotation: Any, value: Value) -> bool:
    """Whether a value has a shape that an annotation takes: is a list, a map, or neither; nothing is taken anywhere."""
    shape = type(value) if isinstance(value, dict | list) else str
    return value is None or shape in _shapes(annotation)


def _shapes(annotation: Any) -> Iterator[type]:
    annotation = stood_for(annotation)
    origin = get_origin(annotation)
    if origin in (tuple, dict):
        yield list if origin is tuple else dict
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield dict
    elif annotation in _SCALARS or origin is Literal:
        yield str
    elif arguments := get_args(annotation):
        for argument in arguments:
            yield from _shapes(argument)
    else:
        yield from (str, list, dict)


def is_number(annotation: Any) -> bool:
    """Whether an annotation takes a number, maybe besides something else."""
    return annotation in (int, float) or any(map(is_number, get_args(annotation)))


def _below(block: type[BaseModel], step: str | int) -> tuple[type[BaseModel], ...]:
    if isinstance(step, int):
        return (block,)
    field = block.model_fields.get(step)
    return tuple(blocks_in(field.annotation)) if field else (block,)


def blocks_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in an annotation, through unions, lists and maps."""
    annotation = stood_for(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from blocks_in(argument)
