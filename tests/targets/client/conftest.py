"""Emitted clients, written to disk and imported as a user would."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from servespec.artifacts import Bundle
from tests.answering import Fake, answering

SPECS = {
    "oip": "model: { name: m, format: onnx, uri: m.onnx }\nsignature:\n"
    "  inputs: { tensors: [{ name: a, datatype: FP32, shape: [-1, 2] }, { name: b, datatype: BYTES, shape: [-1] }] }\n"
    "  outputs: { tensors: [{ name: p, datatype: FP64, shape: [-1, 3] }] }\n",
    "columns": "model: { name: m, format: sklearn, uri: m.joblib }\n"
    "signature: { inputs: { columns: { amount: FP64, hour: INT64 } } }\n",
    "unknown": "model: { name: m, format: sklearn, uri: m.joblib }\n",
    "unnamed": "model: { name: m, format: onnx, uri: m.onnx }\n",
    "shown": "model: { name: m, format: onnx, uri: m.onnx }\nexamples:\n"
    "  - { name: bad, request: { inputs: [] }, expect: { error: nothing } }\n"
    "  - name: one\n"
    "    request: { inputs: [{ name: x, datatype: INT64, shape: [2, 2], data: [1, 2, 3, 4] }] }\n",
    "tf": "model: { name: m, format: tensorflow, uri: ./saved }\nsignature:\n"
    "  inputs: { tensors: [{ name: a, datatype: FP32, shape: [-1, 2] }] }\n"
    "  outputs: { tensors: [{ name: p, datatype: FP32, shape: [-1, 1] }] }\n"
    "examples: [{ name: one, request: { instances: [{ a: [1, 2] }] } }]\n",
    "tf-unknown": "model: { name: m, format: tensorflow, uri: ./saved }\n",
    "torchserve": "model: { name: m, format: pytorch, uri: ./model }\n"
    "signature: { inputs: { columns: { amount: FP32, hour: FP32 } } }\n"
    "examples: [{ name: one, request: { features: [1, 2] } }]\n",
    "picture": "model: { name: m, format: pytorch, uri: ./model }\nsecurity: { authorization: none, reason: a test }\n"
    "signature: { inputs: { tensors: [{ name: x, datatype: FP32, shape: [-1, 2, 2] }] } }\n",
    "mlflow": "model: { format: mlflow, uri: ./flow }\nsignature: { inputs: { columns: { amount: FP64, hour: INT64 } } }\n",
    "mlflow-tensors": "model: { format: mlflow, uri: ./flow }\nsignature:\n"
    "  inputs: { tensors: [{ name: a, datatype: FP32, shape: [-1, 2] }] }\n"
    "examples: [{ name: one, request: { inputs: [[1, 2]] } }]\n",
    "mlflow-unknown": "model: { format: mlflow, uri: ./flow }\n",
    "mlflow-signed": "model: { format: mlflow, uri: ./signed }\n",
    "mlflow-by-place": "model: { format: mlflow, uri: ./placed }\n",
}
"""A spec for each form that requests have."""


def _mlmodel(inputs: str) -> str:
    return f"flavors: {{}}\nsignature: {{ inputs: '[{inputs}]' }}\n"


_FILES = {
    "m.onnx": "x",
    "m.joblib": "x",
    "saved/1/saved_model.pb": "x",
    "flow/MLmodel": "flavors: {}\n",
    "flow/requirements.txt": "numpy==2.4.6\n",
    "signed/MLmodel": _mlmodel('{"type": "double", "name": "amount"}, {"type": "long", "name": "hour"}'),
    "signed/requirements.txt": "numpy==2.4.6\n",
    "placed/MLmodel": _mlmodel('{"type": "double"}, {"type": "long"}'),
    "placed/requirements.txt": "numpy==2.4.6\n",
}


@dataclass(frozen=True)
class Clients:
    """The files of the client target on disk."""

    folder: Path

    def text(self, name: str) -> str:
        """The text of a file."""
        return (self.folder / name).read_text()

    def module(self, name: str) -> ModuleType:
        """A program, imported."""
        spec = importlib.util.spec_from_file_location(f"emitted_{name}", self.folder / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @property
    def openapi(self) -> Any:
        """The document."""
        return json.loads(self.text("openapi.json"))


@pytest.fixture
def clients(bundles: Callable[..., dict[str, Bundle]], tmp_path: Path) -> Callable[[str], Clients]:
    """Compiles one of `SPECS`, or another spec, and writes what its client target makes."""

    def make(spec: str) -> Clients:
        text = SPECS.get(spec, spec)
        if "format: pytorch" not in text and "\nimage:" not in text:
            text += "image: {}\n"
        bundle = bundles(text, files=_FILES)["client"]
        folder = tmp_path / "client"
        folder.mkdir(exist_ok=True)
        for item in bundle.artifacts:
            content: Any = item.content
            (folder / item.path).write_text(content.text)
        return Clients(folder)

    return make


@pytest.fixture
def server() -> Iterator[Fake]:
    """Somebody who answers."""
    with answering() as fake:
        yield fake


@pytest.fixture(autouse=True)
def _no_bytecode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
