"""Runs an emitted convert.py with a converter that does wrong: python planted.py wrong|loud CONVERT.PY

The wrong one moves a threshold of the first tree, by which a share of the rows takes another way. The loud one raises
an error as long as skl2onnx raised with a newer protobuf.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import skl2onnx

_RIGHT = skl2onnx.convert_sklearn


def _loud(*given: Any, **more: Any) -> Any:
    raise TypeError("Expected an int, got a boolean: " + "nodes_values " * 120_000)


def _wrong(*given: Any, **more: Any) -> Any:
    model = _RIGHT(*given, **more)
    moved = [
        attribute
        for node in model.graph.node
        for attribute in node.attribute
        if attribute.name == "nodes_values" and len(attribute.floats) > 1
    ]
    assert moved, "there is no tree in the model"
    for attribute in moved:
        attribute.floats[0] += 0.5
    return model


skl2onnx.convert_sklearn = {"wrong": _wrong, "loud": _loud}[sys.argv[1]]
sys.path.insert(0, str(Path(sys.argv[2]).parent))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
