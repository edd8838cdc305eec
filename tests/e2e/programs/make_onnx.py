"""Writes ONNX files that no training gives: python make_onnx.py FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

_TYPES = {"f": T.FLOAT, "i": T.INT64, "b": T.BOOL, "s": T.STRING, "d": T.DOUBLE, "h": T.INT8}


def write(path: Path, nodes: list[onnx.NodeProto], *, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto],
          weights: tuple[onnx.TensorProto, ...] = ()) -> None:  # fmt: skip
    """A model file that ONNX Runtime reads."""
    graph = helper.make_graph(nodes, "made", inputs, outputs, list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    external = path.stem == "external"
    onnx.save(model, path, save_as_external_data=external, location="external.data", size_threshold=0)


def value(name: str, kind: int, shape: list[str | int]) -> onnx.ValueInfoProto:
    """The declaration of an input or an output."""
    return helper.make_tensor_value_info(name, kind, shape)


def main() -> None:
    """Writes types.onnx (gives back what it gets), slow.onnx (seconds for some rows), fixed.onnx (one row only),
    external.onnx (its weights in a file beside it) and known.onnx (a row for each of the ten ids it knows, once)."""
    folder, rng = Path(sys.argv[1]), np.random.default_rng(7)
    write(
        folder / "types.onnx",
        [helper.make_node("Identity", [name], [f"{name}_out"]) for name in _TYPES],
        inputs=[value(name, kind, ["rows", 2]) for name, kind in _TYPES.items()],
        outputs=[value(f"{name}_out", kind, ["rows", 2]) for name, kind in _TYPES.items()],
    )
    first = numpy_helper.from_array(rng.normal(size=(4, 800)).astype(np.float32), "first")
    square = numpy_helper.from_array((rng.random((800, 800)) / 800).astype(np.float32), "square")
    steps = [helper.make_node("MatMul", [f"t{n}", "square"], [f"t{n + 1}"]) for n in range(300)]
    write(
        folder / "slow.onnx",
        [
            helper.make_node("MatMul", ["input", "first"], ["t0"]),
            *steps,
            helper.make_node("MatMul", ["t300", "last"], ["sum"]),
        ],
        inputs=[value("input", T.FLOAT, ["rows", 4])],
        outputs=[value("sum", T.FLOAT, ["rows", 1])],
        weights=(first, square, numpy_helper.from_array(np.ones((800, 1), np.float32), "last")),
    )
    for name, rows in (("fixed", 1), ("external", "rows")):
        write(
            folder / f"{name}.onnx",
            [helper.make_node("MatMul", ["input", "first"], ["output"])],
            inputs=[value("input", T.FLOAT, [rows, 4])],
            outputs=[value("output", T.FLOAT, [rows, 800])],
            weights=(first,),
        )
    write(
        folder / "known.onnx",
        [helper.make_node("Unique", ["ids"], ["once"]), helper.make_node("Gather", ["table", "once"], ["output"])],
        inputs=[value("ids", T.INT64, ["rows"])],
        outputs=[value("output", T.FLOAT, ["found", 1])],
        weights=(numpy_helper.from_array(np.arange(10, dtype=np.float32).reshape(10, 1), "table"),),
    )


if __name__ == "__main__":
    main()
