"""`python convert.py FOLDER`: the model that `train.py` made, as ONNX."""

import sys
from pathlib import Path

import joblib
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType

folder = Path(sys.argv[1])
converted = to_onnx(
    joblib.load(folder / "model.joblib"),
    initial_types=[("input", FloatTensorType([None, 4]))],
    target_opset={"": 21, "ai.onnx.ml": 3},
    options={"zipmap": False},
)
(folder / "model.onnx").write_bytes(converted.SerializeToString())
