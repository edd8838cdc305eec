"""Prints as JSON how the published scores of a project's day differ from what ONNX Runtime says of each payment."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pyarrow.parquet as pq

project, day = Path(sys.argv[1]), sys.argv[2]
scores = project / "data" / "scores" / day
manifest = json.loads((scores / "_manifest.json").read_text())
published = {}
for file in manifest["files"]:
    for row in pq.read_table(scores / file["name"]).to_pylist():
        published[row["payment_id"]] = row
session = ort.InferenceSession(str(project / "model" / "fraud_detector.onnx"))
worst, asked = 0.0, 0
for path in sorted((project / "data" / "payments" / day).glob("*.parquet")):
    table = pq.read_table(path)
    rows = np.stack([table[name].to_numpy() for name in ("amount", "category", "hour", "day")], axis=1)
    (probabilities,) = session.run(["probabilities"], {"input": rows})
    for number, probability in zip(table["payment_id"].to_pylist(), probabilities[:, 1], strict=True):
        worst, asked = max(worst, abs(published[number]["fraud_probability"] - float(probability))), asked + 1
first = next(iter(published.values()))
print(json.dumps({"asked": asked, "published": len(published), "worst": worst, "scored_at": str(first["scored_at"])}))
