"""Makes the small model of this example: a logistic regression in ONNX, with weights written by hand.

pip install onnx==1.20.0 numpy
python make_model.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

weights = numpy_helper.from_array(np.array([[1.5], [-2.0], [0.5], [1.0]], dtype=np.float32), "w")
bias = numpy_helper.from_array(np.array([-1.0], dtype=np.float32), "b")
graph = helper.make_graph(
    [
        helper.make_node("Gemm", ["features", "w", "b"], ["z"]),
        helper.make_node("Sigmoid", ["z"], ["probability"]),
    ],
    "fraud",
    [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 4])],
    [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["batch", 1])],
    [weights, bias],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, Path(__file__).parent / "model" / "model.onnx")
