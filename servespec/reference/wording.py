"""Types of fields in words, from JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.diagnostics.suggest import one_of
from servespec.reference.schema import Schema, resolved

_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "`true` or `false`",
          "object": "map", "array": "list", "null": "nothing"}  # fmt: skip
_MANY = {"block": "blocks", "whole number": "whole numbers"}
_SCALARS = {"string", "integer", "number", "boolean"}


def type_words(node: Schema, root: Schema) -> str:
    """What may stand in a field: `whole number, 1 to 256`, `list of text`."""
    node = resolved(node, root)
    if "anyOf" in node:
        if {member.get("type") for member in node["anyOf"]} >= _SCALARS:
            return "any text, number or truth value"
        kinds = (type_words(member, root) for member in node["anyOf"] if member.get("type") != "null")
        return ", or ".join(dict.fromkeys(kinds))
    if "enum" in node or "const" in node:
        return one_of([value for value in node.get("enum", [node.get("const")]) if value is not None])
    if "properties" in node:
        return "block"
    return _plain(node, root)


def _plain(node: Schema, root: Schema) -> str:
    given = node.get("type", [])
    kinds = [kind for kind in ([given] if isinstance(given, str) else given) if kind != "null"]
    if not kinds:
        return "any value"
    if kinds == ["string"] and "title" in node:
        return str(node["title"]).lower()  # a text with a form of its own, such as a duration
    if kinds == ["array"] and node.get("items"):
        return f"list of {_several(type_words(node['items'], root))}"
    if kinds == ["object"] and isinstance(node.get("additionalProperties"), Mapping):
        return f"map of names to {_several(type_words(node['additionalProperties'], root))}"
    words = " or ".join(_WORDS[kind] for kind in kinds)
    return f"{words}{_bounds(node)}"


def _several(words: str) -> str:
    kind, comma, bounds = words.partition(",")
    return f"{_MANY.get(kind, kind)}{comma}{bounds}"


def _bounds(node: Schema) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f", {low} to {high}"
    return f", at least {low}" if low is not None else f", at most {high}" if high is not None else ""
