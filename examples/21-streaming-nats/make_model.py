"""Makes the small model of this example: a logistic regression in ONNX, with weights written by hand.

pip install onnx==1.20.0 numpy
python make_model.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

weights = numpy_helper.from_array(np.array([[0.8], [0.1], [-0.5]], dtype=np.float32), "w")
bias = numpy_helper.from_array(np.array([-9.0], dtype=np.float32), "b")
graph = helper.make_graph(
    [helper.make_node("Gemm", ["readings", "w", "b"], ["z"]), helper.make_node("Sigmoid", ["z"], ["wear"])],
    "wear",
    [helper.make_tensor_value_info("readings", TensorProto.FLOAT, ["batch", 3])],
    [helper.make_tensor_value_info("wear", TensorProto.FLOAT, ["batch", 1])],
    [weights, bias],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, Path(__file__).parent / "model" / "wear.onnx")
