"""Which fields of the schema take a text that is a person's own, and which maps take keys that are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from servespec.spans import Route

Field: TypeAlias = tuple[str, ...]
"""A place of the schema: names, and `KEY` where a person chooses one."""

KEY = "*"
_SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "serving.schema.json").read_text(encoding="utf-8"))
_FREE: dict[str, Any] = {}
_MEANINGS = ("type", "properties", "enum", "const", "anyOf", "oneOf")


@cache
def field_of(route: Route) -> Field:
    """The field to which a route of a spec leads."""
    nodes, field = list(_kinds(_SCHEMA)), ()
    for step in route:
        if isinstance(step, int):
            nodes = _flat(node.get("items", _FREE) for node in nodes)
            continue
        known = [node["properties"][step] for node in nodes if step in node.get("properties", _FREE)]
        field = (*field, step if known else KEY)
        nodes = _flat(known or (node.get("additionalProperties", _FREE) for node in nodes if _is_map(node)))
    return field


def texts() -> frozenset[Field]:
    """The fields that take a text which is not one of a few words, or anything, a text included."""
    return frozenset(field for field, node in _fields(_SCHEMA) if _is_text(node))


def keys() -> frozenset[Field]:
    """The keys that a person chooses, each as a field."""
    return frozenset((*field, KEY) for field, node in _fields(_SCHEMA) if _is_map(node))


def _fields(node: Any, field: Field = ()) -> Iterator[tuple[Field, Any]]:
    for kind in _kinds(node):
        yield field, kind
        if "items" in kind:
            yield from _fields(kind["items"], field)
        for name, below in kind.get("properties", _FREE).items():
            yield from _fields(below, (*field, name))
        if isinstance(kind.get("additionalProperties"), dict):
            yield from _fields(kind["additionalProperties"], (*field, KEY))


def _flat(nodes: Iterator[Any] | Sequence[Any]) -> list[Any]:
    return [kind for node in nodes for kind in _kinds(node)]


def _kinds(node: Any) -> Iterator[Any]:
    """What a node of the schema may be: itself, or each of its alternatives."""
    if "$ref" in node:
        node = {**_SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], **node}
    yield node
    for below in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _kinds(below)


def _is_text(node: Any) -> bool:
    return _is_free(node) or (node.get("type") == "string" and "enum" not in node and "const" not in node)


def _is_map(node: Any) -> bool:
    return _is_free(node) or isinstance(node.get("additionalProperties"), dict)


def _is_free(node: Any) -> bool:
    """Whether anything may stand there, a map with texts included."""
    return not any(word in node for word in _MEANINGS)
