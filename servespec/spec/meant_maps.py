"""What was meant by a text, a list or a truth value in the place of a block. Start-up: loaded when there is one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from servespec.diagnostics.secret_patterns import looks_secret
from servespec.spans import Route, Value
from servespec.spec.fields import blocks_in
from servespec.spec.grammar import Grammar
from servespec.spec.samples import flow

_ON = frozenset({"true", "yes", "on", "ssl", "tls"})
"""What in the place of a block only says that it is wanted."""
_FEW = 3
_READ = 100
"""Characters of a map that a person still reads."""
_PAIR = re.compile(r"([A-Za-z]+)(?:: *| +)([^\s,:{}\[\]][^\s,{}\[\]]*)(?:[\s,]+|$)")
_BARE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?|true|false")
"""What is no text without quotes."""
_ASIDE = ", with a colon and a blank after each name"


def meant_map(route: Route, value: Value, grammar: Grammar) -> tuple[str, str] | None:
    """The field as it may be typed, and what to mind; never with a value that may be a secret."""
    if route == ("targets",):
        return _typed(route, _of_targets(value, grammar), aside="")
    field = grammar.field_at(route)
    block = next(blocks_in(field.annotation), None) if field else None
    if block is None:
        return None
    is_on = value is True or (isinstance(value, str) and value.lower() in _ON)
    if is_on and not any(item.is_required() for item in block.model_fields.values()):
        return f"{route[-1]}: {{}}", ""
    if isinstance(value, list):
        return _typed(route, _of_list(value), aside="")
    return _typed(route, _of_text(value, block.model_fields), aside=_ASIDE) if isinstance(value, str) else None


def _typed(route: Route, pairs: dict[str, Any], *, aside: str) -> tuple[str, str] | None:
    text = f"{route[-1]}: {flow(pairs)}"
    is_shown = 0 < len(pairs) <= _FEW and len(text) <= _READ
    is_secret = any(isinstance(given, str) and looks_secret(name, given) for name, given in pairs.items())
    return (text, aside) if is_shown and not is_secret else None


def _of_targets(value: Value, grammar: Grammar) -> dict[str, Any]:
    """Targets that are named in a list or a text, each without options; nothing where one of them is none."""
    given = value.replace(",", " ").split() if isinstance(value, str) else value
    names = [name for name in given if isinstance(name, str)] if isinstance(given, list) else []
    return {name: {} for name in names} if names == given and grammar.options.keys() >= set(names) else {}


def _of_list(items: list[Value]) -> dict[str, Any]:
    """What Kubernetes has as a list of `name` and `value`, as a map; nothing of any other list, or of values that are
    no text."""
    pairs: dict[str, Any] = {}
    for item in items:
        if not isinstance(item, dict) or item.keys() != {"name", "value"}:
            return {}
        name, given = item["name"], item["value"]
        if not (isinstance(name, str) and isinstance(given, str)) or name in pairs:
            return {}
        pairs[name] = given
    return pairs


def _of_text(text: str, fields: Mapping[str, FieldInfo]) -> dict[str, Any]:
    """All the fields that a text names with their values; nothing of one that says anything else."""
    pairs: dict[str, Any] = {}
    at = 0
    while at < len(text):
        found = _PAIR.match(text, at)
        if found is None or found[1] not in fields or found[1] in pairs:
            return {}
        given = _taken(found[2], fields[found[1]])
        if given is None:
            return {}
        pairs[found[1]], at = given, found.end()
    return pairs


def _taken(word: str, field: FieldInfo) -> Value:
    """A word as a field takes it: as text, or else as what it is without quotes; None where it takes neither."""
    annotation: Any = field.annotation
    kind: TypeAdapter[Value] = TypeAdapter(annotation)
    readings = (word, json.loads(word)) if _BARE.fullmatch(word) else (word,)
    for reading in readings:
        with suppress(ValidationError):
            return kind.validate_python(reading, strict=True)
    return None
