"""What an ONNX file answers: python onnx_says.py FILE, with the arrays of a request by input on standard input.

Prints name, type and shape of its inputs and outputs, and its answers as lists.
"""

from __future__ import annotations

import json
import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import onnxruntime

_TYPES = {"tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64", "tensor(string)": "object"}


def main() -> None:
    """Asks the file."""
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    inputs, outputs = session.get_inputs(), session.get_outputs()
    asked = json.load(sys.stdin)
    feed = {item.name: np.array(asked[item.name], _TYPES[item.type]) for item in inputs}
    answers = session.run([item.name for item in outputs], feed)
    faces = [[[item.name, item.type, item.shape] for item in side] for side in (inputs, outputs)]
    told = {item.name: answer.tolist() for item, answer in zip(outputs, answers, strict=True)}
    print(json.dumps({"inputs": faces[0], "outputs": faces[1], "answers": told}))


if __name__ == "__main__":
    main()
