"""Specs drawn from the JSON Schema: fields nobody has put together yet, most of them with a value that fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

_SCHEMA = Path(__file__).parents[2] / "schema" / "serving.schema.json"
_DEPTH = 6
_WORDS = ("a", "model", "models", "fraud-detector", "next", "token", "AWS_REGION", "amount", "x/y", "1", "10.0.0.0/8")
_NAMES = ("a", "b", "OMP_NUM_THREADS", "cost-center", "amount", "next")


class Grammar:
    """The schema of a spec, to draw from."""

    def __init__(self) -> None:
        self._schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))

    def spec(self, rng: Random, base: Mapping[str, Any]) -> dict[str, Any]:
        """A spec with a few blocks drawn anew, each over what it said before or instead of it."""
        fields = self._schema["properties"]
        spec = dict(base)
        for name in rng.sample(sorted(fields), rng.randint(1, 4)):
            drawn, old = self._draw(rng, fields[name]), spec.get(name)
            both = isinstance(drawn, dict) and isinstance(old, dict) and rng.random() < 0.7
            spec[name] = {**old, **drawn} if both else drawn  # type: ignore[dict-item]
        return spec

    def _draw(self, rng: Random, node: Any, depth: int = 0) -> Any:
        if "$ref" in node:
            node = {**self._schema["$defs"][node["$ref"].rpartition("/")[2]], **node}
        if "const" in node:
            return node["const"]
        if "enum" in node:
            return rng.choice(node["enum"])
        if "examples" in node and rng.random() < 0.6:
            return json.loads(json.dumps(rng.choice(node["examples"])))
        for alternatives in (node.get("anyOf"), node.get("oneOf")):
            if alternatives:
                return self._draw(rng, rng.choice(alternatives), depth)
        kinds = node.get("type", "string")
        kind = rng.choice(kinds) if isinstance(kinds, list) else kinds
        return self._of_kind(rng, node, kind=kind, depth=depth)

    def _of_kind(self, rng: Random, node: Any, *, kind: str, depth: int) -> Any:
        if kind == "object":
            return self._object(rng, node, depth)
        if kind == "array":
            count = rng.randint(node.get("minItems", 0), 2) if depth < _DEPTH else 0
            return [self._draw(rng, node.get("items", {}), depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            low = node.get("minimum", 0)
            high = node.get("maximum", low + 100)
            return rng.choice((low, high, rng.randint(int(low), int(high))))
        return {"boolean": rng.random() < 0.5, "null": None}.get(kind, rng.choice(_WORDS))

    def _object(self, rng: Random, node: Any, depth: int) -> dict[str, Any]:
        fields = node.get("properties", {})
        required = node.get("required", ())
        likely = 0.5 / (1 + depth)
        drawn = {
            name: self._draw(rng, below, depth + 1)
            for name, below in fields.items()
            if name in required or (depth < _DEPTH and rng.random() < likely)
        }
        if isinstance(node.get("additionalProperties"), dict):
            named = rng.sample(_NAMES, rng.randint(0, 2))
            drawn |= {name: self._draw(rng, node["additionalProperties"], depth + 1) for name in named}
        return drawn
