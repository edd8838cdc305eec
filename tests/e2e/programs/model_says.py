"""What a model itself gives, by its own library and nothing of ours: python model_says.py FORMAT FILE METHOD

Standard input: [[row, ...], ...]; standard output: the answer to each list of rows, flat.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np


def load(kind: str, path: str, method: str) -> Any:
    """A function from rows to an array."""
    if kind == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return lambda rows: session.run([method], {session.get_inputs()[0].name: rows})[0]
    if kind == "lightgbm":
        import lightgbm

        return lightgbm.Booster(model_file=path).predict
    if kind == "xgboost":
        import xgboost

        model = xgboost.XGBClassifier()
        model.load_model(path)
        return getattr(model, method)
    import joblib

    return getattr(joblib.load(path), method)


def main() -> None:
    """Prints the answers."""
    answer = load(*sys.argv[1:])
    json.dump([np.ravel(answer(np.array(rows, np.float32))).tolist() for rows in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
