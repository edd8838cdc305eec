"""The JSON Schema of serving.yaml, from the models, the docstrings of their fields, and the targets' tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from servespec.checks.registry import severities
from servespec.dev.docstrings import field_docstrings, models
from servespec.dev.forms import forms
from servespec.dev.json_schema import json_schema
from servespec.dev.overlays import add_overlays
from servespec.diagnostics.types import Severity
from servespec.reference.schema import ID, TARGETS, resolved, table
from servespec.spec.root import Spec
from servespec.targets.registry import NAMES
from servespec.targets.registry import TARGETS as ALL_TARGETS

Node: TypeAlias = dict[str, Any]

_COMMENT = (
    "Derived from the models in servespec/spec, the options and tables in servespec/targets, and the docstrings "
    "of both: `python -m servespec.dev generate` writes it."
)
_ORDER = ("title", "description", "$ref", "type", "enum", "const", "pattern", "anyOf", "minimum", "maximum",
          "default", "examples", "properties", "required", "additionalProperties", "items", "$defs")  # fmt: skip
OURS = tuple(ALL_TARGETS[name] for name in NAMES)
_ANY = "JsonValue"  # what pydantic calls a value of any kind


def text() -> str:
    """The schema as JSON text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Node:
    """The schema as data."""
    root = json_schema(Spec)
    definitions: Node = root.pop("$defs")
    _add_targets(root, definitions)
    whole = described(root, definitions, name="Spec")
    _add_forms(whole)
    _add_known_words(whole)
    add_overlays(whole)
    for name, definition in whole["$defs"].items():
        definition["title"] = re.sub(r"(?<=[a-z])[A-Z]", lambda match: f" {match[0].lower()}", name)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ID, "$comment": _COMMENT}
    tables = {target.name: table(target) for target in OURS}
    return {**head, **ordered({**whole, "title": "serving.yaml"}), TARGETS: tables}


def described(root: Node, definitions: Node, *, name: str) -> Node:
    """A model's schema with the docstrings of its fields, without what only says that a field may be left out."""
    _describe(root, name)
    for below, definition in definitions.items():
        _describe(definition, below)
    whole: Node = _simplified({**root, "$defs": {key: definitions[key] for key in sorted(definitions) if key != _ANY}})
    return whole


def _add_targets(root: Node, definitions: Node) -> None:
    """Each target by name with the options that it has, in place of the open map of the model."""
    properties: Node = {}
    for target in OURS:
        options = json_schema(target.options)
        definitions.update(options.pop("$defs", {}))
        definitions[target.options.__name__] = options
        reference = {"anyOf": [{"$ref": f"#/$defs/{target.options.__name__}"}, {"type": "null"}]}
        properties[target.name] = {"description": f"{target.summary[:1].upper()}{target.summary[1:]}.", **reference}
    given = root["properties"]["targets"]
    block = {"type": "object", "properties": properties, "additionalProperties": False}
    root["properties"]["targets"] = {**given, "anyOf": [block, {"type": "null"}]}


def _describe(definition: Node, name: str) -> None:
    """The docstrings of a model's fields as their descriptions; titles of fields only repeat their names."""
    if (model := models().get(name)) is None:
        return
    written = field_docstrings(model)
    for field, node in definition.get("properties", {}).items():
        node.pop("title", None)
        definition["properties"][field] = {"description": written[field], **node}


def _simplified(node: Any) -> Any:
    """The schema without what only says that a field may be left out, and with values of any kind inlined."""
    if isinstance(node, list):
        return [_simplified(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("$ref") == f"#/$defs/{_ANY}":
        node = {key: value for key, value in node.items() if key != "$ref"}
    simple = {key: value if key in ("default", "examples") else _simplified(value) for key, value in node.items()}
    if "default" in simple and (simple["default"] is None or simple["default"] == {} or _is_block(simple)):
        del simple["default"]
    return _with_null(simple)


def _is_block(node: Node) -> bool:
    return "$ref" in node  # the defaults of a block are those of its fields


def _with_null(node: Node) -> Node:
    """`{"type": ["string", "null"]}` for a union of a plain type and nothing."""
    members = node.get("anyOf", ())
    if len(members) != 2 or members[1] != {"type": "null"} or not {"type"} <= members[0].keys():
        return node
    if "enum" in members[0] or "const" in members[0]:
        return node
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    return {**rest, **members[0], "type": [members[0]["type"], "null"]}


def _add_forms(root: Node) -> None:
    """A reference to the definition of its form for each text that has one."""
    for path, form in forms().items():
        assert root["$defs"].setdefault(form.name, form.schema())["type"] == "string", f"two meanings of {form.name}"
        for node in _at(root, path):
            reference = {"$ref": f"#/$defs/{form.name}"}
            kind = node.pop("type")
            node.update(reference if kind == "string" else {"anyOf": [reference, {"type": "null"}]})
    root["$defs"] = {name: root["$defs"][name] for name in sorted(root["$defs"])}


def _add_known_words(root: Node) -> None:
    """The words that a field takes where a check decides, so that an editor can offer them."""
    warnings = [code for code, severity in severities().items() if severity is Severity.WARNING]
    for path, words in {"suppress.rule": warnings, "overrides.target": list(NAMES)}.items():
        for node in _at(root, path):
            node["enum"] = words


def _at(root: Node, path: str) -> Iterator[Node]:
    """The nodes of the field at a dotted path, in whichever definitions they stand."""
    nodes: list[Mapping[str, Any]] = [root]
    for step in path.split("."):
        nodes = [block["properties"][step] for node in nodes for block in _blocks(node, root)]
    for node in nodes:
        if isinstance(node, dict) and "$ref" not in node and "anyOf" not in node:
            yield node


def _blocks(node: Mapping[str, Any], root: Node) -> Iterator[Mapping[str, Any]]:
    node = resolved(node, root)
    if "properties" in node:
        yield node
    for below in (*node.get("anyOf", ()), node.get("items")):
        if isinstance(below, Mapping):
            yield from _blocks(below, root)


def ordered(node: Any) -> Any:
    """The schema with its keywords in one order, whichever the models' library has: first what people read."""
    if isinstance(node, list):
        return [ordered(item) for item in node]
    if not isinstance(node, dict):
        return node
    keywords = sorted(node, key=lambda key: (_ORDER.index(key) if key in _ORDER else len(_ORDER), key))
    return {key: _content(key, node[key]) for key in keywords}


def _content(keyword: str, value: Any) -> Any:
    if keyword in ("default", "examples"):
        return value
    if keyword in ("properties", "$defs"):
        return {name: ordered(below) for name, below in value.items()}
    return ordered(value)
