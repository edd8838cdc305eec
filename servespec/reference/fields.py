"""The fields of serving.yaml and servespec.yaml, as their schemas describe them: nothing but JSON is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from servespec.records import dataclass
from servespec.reference.schema import OVERLAY, TARGETS, Schema, resolved
from servespec.reference.wording import type_words

ANY_KEY = "*"
"""Stands in a path for the keys that the writer of a spec chooses: `runtime.env.*.secret`."""


_OVER = {"variants": 1, "environments": 2, "defaults": 1}
"""Fields, the last one of the root file, under which blocks are said again, and how many steps lead to them."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field, by its dotted path; items of a list have no step of their own."""

    path: str
    description: str
    type: str
    """In words: `whole number, 1 to 256`."""
    required: bool
    default: str
    """As JSON; empty when there is none, or when the description tells how it is derived."""
    examples: tuple[str, ...]
    """As JSON."""
    children: tuple[str, ...]
    """Names of the fields below it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a target does with a field: `kept`, `approximated`, `dropped` or `unrelated`, and why."""

    target: str
    degree: str
    reason: str


def fields(schema: Schema) -> dict[str, Field]:
    """Every field by its path, blocks before what is in them."""
    return {field.path: field for field in _below(schema, schema, "")}


def find(schema: Schema, path: str) -> Field | None:
    """The field that a person means by `path`: with or without indices, with any key of a map; of what lies over a
    block, the field of that block."""
    wanted = "".join(part.partition("]")[2] if index else part for index, part in enumerate(path.split("[")))
    known, steps = fields(schema), wanted.split(".")
    under = ".".join(steps[_OVER.get(steps[0], 0) :])
    return known.get(wanted) or next((f for f in known.values() if _matches(f.path, wanted)), None) or known.get(under)


def _matches(path: str, wanted: str) -> bool:
    steps, words = path.split("."), wanted.split(".")
    return len(steps) == len(words) and all(a in (b, ANY_KEY) for a, b in zip(steps, words, strict=True))


def answers(schema: Schema, path: str) -> tuple[Answer, ...]:
    """What each target does with the field at `path`: the longest prefix in its table answers."""
    steps = path.split(".")
    prefixes = [".".join(steps[:end]) for end in range(len(steps), 0, -1)]
    given = ((name, target["supports"]) for name, target in schema.get(TARGETS, {}).items())
    return tuple(
        Answer(name, *supports[prefix])
        for name, supports in given
        for prefix in [next((prefix for prefix in prefixes if prefix in supports), None)]
        if prefix is not None
    )


def _below(node: Schema, root: Schema, path: str) -> Iterator[Field]:
    required = node.get("required", ())
    for name, child in node.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        blocks = list(_blocks(child, root, here))
        yield _field(resolved(child, root), root, path=here, required=name in required, blocks=blocks)
        for below, block in blocks:
            yield from _below(block, root, below)


def _field(node: Schema, root: Schema, *, path: str, required: bool, blocks: list[tuple[str, Schema]]) -> Field:
    return Field(
        path=path,
        description=node["description"],
        type=type_words(node, root),
        required=required,
        default=as_text(node["default"]) if "default" in node else "",
        examples=tuple(as_text(example) for example in node.get("examples", ())),
        children=tuple(name for below, block in blocks if below == path for name in block["properties"]),
    )


def _blocks(node: Schema, root: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """The blocks that may stand in a field, through lists, maps and unions, each with the path of its place."""
    if node.get("$ref", "").startswith(f"#/$defs/{OVERLAY}"):
        return  # the same fields once more
    node = resolved(node, root)
    if "properties" in node:
        yield path, node
    for member in node.get("anyOf", ()):
        yield from _blocks(member, root, path)
    if isinstance(node.get("items"), Mapping):
        yield from _blocks(node["items"], root, path)
    if isinstance(node.get("additionalProperties"), Mapping):
        yield from _blocks(node["additionalProperties"], root, f"{path}.{ANY_KEY}")


def as_text(value: object) -> str:
    """A value as it may be typed into a spec: JSON, which YAML reads too."""
    return json.dumps(value, ensure_ascii=False)
