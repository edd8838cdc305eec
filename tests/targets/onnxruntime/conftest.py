"""Specs of MLServer's formats, compiled in memory."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from servespec.artifacts import Bundle


@dataclass(frozen=True)
class Emitted:
    """What a spec compiles to, as others read it."""

    bundles: Mapping[str, Bundle]
    server: str

    def text(self, path: str, target: str | None = None) -> str:
        """The text of a file."""
        content: Any = self.bundles[target or self.server].find(path).content
        return str(content.text)

    def json(self, path: str) -> Any:
        """The data of a file."""
        return json.loads(self.text(path))

    def literal(self, path: str) -> Any:
        """The literal in a program."""
        tree = ast.parse(self.text(path))
        (value,) = [
            node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
        ]
        return ast.literal_eval(value)


@pytest.fixture
def emitted(bundles: Callable[..., dict[str, Bundle]]) -> Callable[..., Emitted]:
    """Compiles blocks of a spec beside files; `image` and its requirements only where they are given."""

    def compile_(text: str, **files: str | bytes) -> Emitted:
        blocks = text if "\nimage:" in f"\n{text}" else f"{text}image: {{}}\n"
        named = {"m.joblib": b"x", "m.json": b"x", "m.txt": b"x", "m.onnx": b"x", **files}
        made = bundles(blocks, files=named)
        (server,) = set(made) - {"docker", "compose"}
        return Emitted(made, server)

    return compile_
