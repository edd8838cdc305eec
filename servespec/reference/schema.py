"""The JSON Schemas of serving.yaml and servespec.yaml, as they travel with the package. Nothing but JSON is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from servespec import package_data
from servespec.targets import plugins

PATH = "schema/serving.schema.json"
ROOT_PATH = "schema/servespec.schema.json"
ID = "https://raw.githubusercontent.com/servespec/servespec/main/schema/serving.schema.json"
"""The schema's `$id`, by which its copies in projects are known."""
TARGETS = "x-targets"
"""The keyword of our own under which the schema tells what each target does with each field."""

OVERLAY = "Overlay"
"""The definition of what an environment may say, and how those of its blocks begin: their fields are the spec's."""

if TYPE_CHECKING:
    from servespec.targets.contract import Target

Schema: TypeAlias = Mapping[str, Any]


def text() -> str:
    """The schema as it is printed and copied."""
    return package_data.read(PATH)


def load() -> Schema:
    """The schema as data, with what the targets that other packages add do with each field."""
    schema: Schema = json.loads(text())
    if not (added := plugins.installed()):
        return schema
    return {**schema, TARGETS: {**schema[TARGETS], **{name: table(plugins.load(name)) for name in added}}}


def load_root() -> Schema:
    """The schema of the root file as data."""
    schema: Schema = json.loads(package_data.read(ROOT_PATH))
    return schema


def table(target: Target) -> dict[str, Any]:
    """What a target emits, and what it does with each field, as the schema tells it."""
    supports = {path: [support.degree.value, support.reason] for path, support in target.supports.items()}
    return {"summary": target.summary, "supports": supports}


def resolved(node: Schema, root: Schema) -> Schema:
    """The node with what its `$ref` names; its own words win."""
    if "$ref" not in node:
        return node
    target: Schema = root["$defs"][node["$ref"].rpartition("/")[2]]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
