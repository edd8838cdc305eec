"""Specs compiled in memory, and what is committed of the examples."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servespec.artifacts import Bundle, Content
from servespec.edge.gather import gather
from servespec.pipeline import World
from servespec.pipeline.making import make
from servespec.targets.contract import Output
from tests.projects import analyse_text

_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
"""
_FILES: Mapping[str, str | bytes] = {
    "model/model.py": "class Model:\n    pass\n",
    "model/model.pt": b"weights",
    "requirements.txt": "torch==2.13.0\nnumpy==2.4.6\n",
}


@pytest.fixture
def bundles(tmp_path: Path) -> Callable[..., dict[str, Bundle]]:
    """Compiles blocks of a spec, by default for a PyTorch model, beside files; the bundles are told by target."""

    def compile_(text: str = "", *, files: Mapping[str, str | bytes] | None = None) -> dict[str, Bundle]:
        for name, content in {**_FILES, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        blocks = text if "\nmodel:" in f"\n{text}" else f"model: {{ format: pytorch, uri: ./model }}\n{text}"
        if "\nimage:" not in f"\n{text}":
            blocks += "image: { requirements: requirements.txt }\n"
        world = World(lambda wanted: gather(tmp_path, wanted), "2026-11-23")
        analysis = analyse_text((_SPEC + blocks).encode(), world)
        assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
        output = Output(str(tmp_path), str(tmp_path / "deploy" / "fraud-detector"))
        return {bundle.folder: bundle for bundle in make(analysis.sound, output).bundles}

    return compile_


@pytest.fixture
def text() -> Callable[[Bundle, str], str]:
    """The text of an artefact of a bundle."""

    def read(bundle: Bundle, path: str) -> str:
        content = bundle.find(path).content
        assert isinstance(content, Content)
        return content.text

    return read


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
        (server,) = set(made) - {"docker", "compose", "client"}
        return Emitted(made, server)

    return compile_
