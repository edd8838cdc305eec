"""What an environment or a variant may say, as a schema: blocks of which nothing is required and `null` deletes."""

from __future__ import annotations

from typing import Any, TypeAlias

from servespec.reference.schema import OVERLAY
from servespec.spec.views import OVERLAID

Node: TypeAlias = dict[str, Any]

_FIXED = ("apiVersion", "name", "environments")
_PREFIX = "#/$defs/"
_NULL = {"type": "null"}


def add_overlays(root: Node) -> None:
    """A definition of overlays for `environments`, with one beside each block that they reach; a variant has those of
    the blocks that it may say again."""
    said = root["$defs"]["Variant"]["properties"]
    for name in OVERLAID:
        block = root["properties"][name]["$ref"].removeprefix(_PREFIX)
        kept = {key: said[name][key] for key in ("description", "examples")}
        said[name] = {**kept, "$ref": f"{_PREFIX}{OVERLAY}{block}"}
    blocks = {name: node for name, node in root["$defs"].items() if "properties" in node}
    loose = {f"{OVERLAY}{name}": _loose(node, blocks) for name, node in blocks.items()}
    whole = {key: root[key] for key in ("description", "type", "additionalProperties")}
    whole["properties"] = {name: node for name, node in root["properties"].items() if name not in _FIXED}
    loose[OVERLAY] = _loose({**whole, "description": "What differs in one environment."}, blocks)
    reached = _reached(loose, OVERLAY)
    root["$defs"] |= {name: node for name, node in loose.items() if name in reached}
    environments = root["properties"]["environments"]
    environments["additionalProperties"] = {"anyOf": [{"$ref": f"{_PREFIX}{OVERLAY}"}, _NULL]}


def _loose(node: Any, blocks: Node) -> Any:
    """A node whose fields may be left out, or be `null`; what stands in its lists may be a part of a named thing."""
    if isinstance(node, list):
        return [_loose(item, blocks) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _loose(item, blocks) for key, item in node.items() if key not in ("required", "default", "properties")}
    if "properties" in node:
        kept["properties"] = {name: _nullable(_loose(item, blocks)) for name, item in node["properties"].items()}
    name = str(node.get("$ref", "")).removeprefix(_PREFIX)
    return {**kept, "$ref": f"{_PREFIX}{OVERLAY}{name}"} if name in blocks else kept


def _nullable(node: Node) -> Node:
    """The field, or `null`: its description stays where editors look for it."""
    said = {key: item for key, item in node.items() if key in ("description", "examples")}
    rest = {key: item for key, item in node.items() if key not in said}
    members = rest.pop("anyOf", None) if set(rest) == {"anyOf"} else [rest]
    return {**said, "anyOf": [*members, *([] if _NULL in members else [_NULL])]}


def _reached(definitions: Node, start: str) -> set[str]:
    found: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name in definitions and name not in found:
            found.add(name)
            pending += _names(definitions[name])
    return found


def _names(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"].removeprefix(_PREFIX)] if "$ref" in node else []
        return own + [name for item in node.values() for name in _names(item)]
    return [name for item in node for name in _names(item)] if isinstance(node, list) else []
