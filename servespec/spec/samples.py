"""How a field is written, to show beside a mistake: read off the models, only when there is something to explain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servespec.node import Node
from servespec.spans import Route
from servespec.spec.fields import blocks_in, choices, field_at

# Text that is the same text to every YAML reader without quotes, inside of braces too.
_PLAIN = r"[A-Za-z./][A-Za-z0-9_./-]*"
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def sample(model: type[Node], route: Route, *, options: Mapping[str, type[Node]]) -> str:
    """The field at `route` as it may be typed, on one line; for what is in a map or a list, that map or list."""
    for end in range(len(route), 0, -1):
        if (field := field_at(model, route[:end], options=options)) is not None:
            value = _value(field)
            return "" if value is None else f"{route[end - 1]}: {flow(value)}"
    return ""


def _value(field: FieldInfo) -> Any:
    """An example of the field's value; None when its model tells of none."""
    if field.examples:
        return field.examples[0]
    if words := choices(field.annotation):
        return words[0]
    if block := next(blocks_in(field.annotation), None):
        item = _block(block)
        return [item] if _is_list(field.annotation) else item
    return field.default if isinstance(field.default, bool | int | float | str) else None


def _block(block: type[BaseModel]) -> dict[str, Any]:
    """What a block needs; the first field that has an example when it needs nothing."""
    values = {name: _value(field) for name, field in block.model_fields.items()}
    needed = {name: values[name] for name, field in block.model_fields.items() if field.is_required()}
    return needed or dict([next(item for item in values.items() if item[1] is not None)])


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(_is_list(argument) for argument in get_args(annotation))


def flow(value: Any) -> str:
    """The value in YAML's flow style, with quotes only where they are needed."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    plain = isinstance(value, str) and re.fullmatch(_PLAIN, value) and value.lower() not in _WORDS
    import json  # start-up: only for a mistake

    return str(value) if plain else json.dumps(value, ensure_ascii=False)
