"""Runs an emitted convert.py with a converter that makes a small mistake: python planted.py CONVERT.PY

A threshold of the first split of each tree is moved, by which a share of the rows takes another way.
"""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from typing import Any

import skl2onnx

_RIGHT = skl2onnx.convert_sklearn


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


skl2onnx.convert_sklearn = _wrong
sys.path.insert(0, str(Path(sys.argv[1]).parent))
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
