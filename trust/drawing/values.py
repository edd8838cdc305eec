"""Values for a field: what its schema allows, and what other specs say there, which fits in ways no schema tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from servespec.spans import Route, Value
from trust.fuzzing.tree import Lexicon, copied

_SCHEMA = json.loads((Path(__file__).parents[2] / "schema" / "serving.schema.json").read_text(encoding="utf-8"))
_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
KEY = "*"
"""What stands in a field for a key that a person chooses."""
_MOST = 4
"""Items of a list, or of a map."""
_NAME = st.text("abcXYZ01-_./", min_size=1, max_size=8)
_LETTER = st.sampled_from("abXY019-._/ $'\"é")


class Values:
    """The strategies of all fields, made from the schema: a new field is drawn as soon as it is there."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[Route, st.SearchStrategy[Any]] = {}

    def of(self, field: Route) -> st.SearchStrategy[Any]:
        """What may stand in a field of the schema."""
        if field not in self._known:
            self._known[field] = self._any(fields()[field], field)
        return self._known[field]

    def _any(self, nodes: list[Any], field: Route) -> st.SearchStrategy[Any]:
        return st.one_of([self._kind(kind, field) for node in nodes for kind in _kinds(node)])

    def _kind(self, node: Any, field: Route) -> st.SearchStrategy[Any]:
        """Mostly what some spec says there, or nearly that."""
        said = [value for value in self._lexicon.said(field) if _is(value, node)]
        fresh = self._fresh(node, field)
        if not said:
            return fresh
        near = st.sampled_from(said).map(copied)
        changed = [st.builds(_changed, near, st.integers(0, 9), _LETTER)] if node.get("type") == "string" else []
        return st.one_of(near, near, near, *changed, fresh)

    def _fresh(self, node: Any, field: Route) -> st.SearchStrategy[Any]:
        if "enum" in node or "const" in node:
            return st.sampled_from(node.get("enum") or [node["const"]])
        match node.get("type"):
            case "object" if "properties" in node:
                return self._block(node, field)
            case "object":
                below = self._any([node.get("additionalProperties") or {}], (*field, KEY))
                return st.dictionaries(_NAME, below, max_size=_MOST)
            case "array":
                return st.lists(self._any([node["items"]], field), min_size=node.get("minItems", 0), max_size=_MOST)
        return _leaf(node)

    def _block(self, node: Any, field: Route) -> st.SearchStrategy[Any]:
        below = {name: self.of((*field, name)) for name in node["properties"]}
        needed = {name: below.pop(name) for name in node.get("required", ())}
        return st.fixed_dictionaries(needed, optional=below)


@cache
def fields() -> dict[Route, list[Any]]:
    """Each field of the schema, with what the schema says of it."""
    found: dict[Route, list[Any]] = {}
    for field, node in _fields(_SCHEMA, ()):
        found.setdefault(field, []).append(node)
    return found


def _fields(node: Any, field: Route) -> Iterator[tuple[Route, Any]]:
    for kind in _kinds(node):
        if "items" in kind:
            yield from _fields(kind["items"], field)
        for name, below in kind.get("properties", {}).items():
            yield (*field, name), below
            yield from _fields(below, (*field, name))
        if isinstance(kind.get("additionalProperties"), dict):
            yield from _fields(kind["additionalProperties"], (*field, KEY))


def _kinds(node: Any) -> Iterator[Any]:
    """What a node of the schema may be: itself, or each of its alternatives."""
    if "$ref" in node:
        node = {**_SCHEMA["$defs"][node["$ref"].rpartition("/")[2]], **node}
    alternatives = (*node.get("anyOf", ()), *node.get("oneOf", ()))
    for below in alternatives:
        yield from _kinds(below)
    if not alternatives:
        types = node.get("type")
        yield from ({**node, "type": name} for name in types) if isinstance(types, list) else (node,)


def _is(value: Value, node: Any) -> bool:
    kinds = _KINDS[node["type"]] if "type" in node else (object,)
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)


def _leaf(node: Any) -> st.SearchStrategy[Any]:
    match node.get("type"):
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "integer" | "number":
            low = int(node.get("minimum", 0))
            return st.integers(low, int(node.get("maximum", low + 100)))
    return st.sampled_from(node["examples"]) if "examples" in node else _NAME


def _changed(text: str, at: int, letter: str) -> str:
    return text[:at] + letter + text[at + 1 :]
