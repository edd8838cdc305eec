"""Specs compiled in memory, and what is committed of the examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from servespec.artifacts import Bundle, Content
from servespec.edge.gather import gather
from servespec.pipeline import World, analyse
from servespec.pipeline.making import make
from servespec.targets.contract import Output

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
        analysis = analyse("serving.yaml", (_SPEC + blocks).encode(), world)
        assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
        output = Output(str(tmp_path), str(tmp_path / "deploy" / "fraud-detector"))
        return {bundle.target: bundle for bundle in make(analysis, output).bundles}

    return compile_


@pytest.fixture
def text() -> Callable[[Bundle, str], str]:
    """The text of an artefact of a bundle."""

    def read(bundle: Bundle, path: str) -> str:
        content = bundle.find(path).content
        assert isinstance(content, Content)
        return content.text

    return read
