"""The JSON Schema of servespec.yaml, from its models and their docstrings."""

from __future__ import annotations

import json

from servespec.dev.json_schema import json_schema
from servespec.dev.schema import Node, described, ordered
from servespec.spec.rootfile import RootFile

ID = "https://raw.githubusercontent.com/servespec/servespec/main/schema/servespec.schema.json"
_COMMENT = "Derived from servespec/spec/rootfile.py: `python -m servespec.dev generate` writes it."


def text() -> str:
    """The schema as JSON text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> Node:
    """The schema as data."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": ID, "$comment": _COMMENT}
    root = json_schema(RootFile)
    definitions = root.pop("$defs")
    return {**head, **ordered({**described(root, definitions, name="RootFile"), "title": "servespec.yaml"})}
