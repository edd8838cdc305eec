"""Trains a fraud detector on payments that it makes up, converts it to ONNX, and compares the two.

    pip install scikit-learn==1.9.1 skl2onnx==1.20.0 onnxruntime==1.32.0 numpy==2.4.6
    python train.py

Writes model/fraud_detector.onnx and prints the example requests with the answers of the converted model. With these
versions the file comes out the same again, byte for byte.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import roc_auc_score

SEED = 20240501
MODEL = Path(__file__).parent / "model" / "fraud_detector.onnx"
NIGHT = (23, 0, 1, 2, 3, 4)
RISK = (-0.6, -0.4, -0.5, 0.0, 0.2, -0.3, 0.1, 0.6, 0.9, 1.3, 1.6, 1.2)  # log-odds by category

# amount, category, hour, day of week (0 is Monday)
EXAMPLES = {
    "a small payment at noon": [[86.2, 4, 13, 1]],
    "a large payment at night": [[1850.0, 10, 3, 6]],
    "three payments at once": [[58.99, 5, 18, 0], [420.0, 9, 22, 4], [310.0, 11, 2, 5]],
}


def main() -> None:
    """Trains, converts, compares, and reports."""
    rng = np.random.default_rng(SEED)
    rows, labels = make_payments(rng, 20_000)
    test_rows, test_labels = make_payments(rng, 10_000)
    model = GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=SEED).fit(rows, labels)
    MODEL.write_bytes(converted(model))
    session = onnxruntime.InferenceSession(MODEL, providers=["CPUExecutionProvider"])
    served, trained = score(session, test_rows), model.predict_proba(test_rows)
    print(f"# ROC AUC on {len(test_rows)} payments it has not seen: {roc_auc_score(test_labels, served[:, 1]):.4f}")
    print(f"# largest difference to scikit-learn: {np.abs(served - trained).max():.1e}")
    print_examples(session)


def make_payments(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Made-up payments in float32, as they are served, and whether each was fraud."""
    amount = np.round(rng.lognormal(mean=3.6, sigma=1.2, size=count), 2)
    category, hour, day = rng.integers(0, len(RISK), count), rng.integers(0, 24, count), rng.integers(0, 7, count)
    night = np.isin(hour, NIGHT)
    odds = -8.2 + 2.0 * (np.log1p(amount) - 3.6) + 2.2 * np.array(RISK)[category] + 2.6 * night
    odds += 1.2 * night * (day >= 5)
    fraud = rng.random(count) < 1 / (1 + np.exp(-odds))
    return np.column_stack([amount, category, hour, day]).astype(np.float32), fraud.astype(int)


def converted(model: GradientBoostingClassifier) -> bytes:
    """The model as ONNX: one input of any number of rows, and plain tensors as outputs (`zipmap` off)."""
    inputs = [("input", FloatTensorType([None, 4]))]
    graph = to_onnx(model, initial_types=inputs, options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    # Their order is that of a set: another one in another run.
    graph.opset_import.sort(key=lambda opset: opset.domain, reverse=True)
    return graph.SerializeToString()


def score(session: onnxruntime.InferenceSession, rows: np.ndarray | list[list[float]]) -> np.ndarray:
    """The probabilities of honest and of fraud for each row, as the served model computes them."""
    return session.run(["probabilities"], {"input": np.array(rows, np.float32)})[0]


def print_examples(session: onnxruntime.InferenceSession) -> None:
    """The `examples:` block of serving.yaml."""
    print("examples:")
    for name, rows in EXAMPLES.items():
        shape, values = [len(rows), 4], [value for row in rows for value in row]
        answer = [round(float(value), 8) for value in score(session, rows).ravel()]
        wanted = [{"name": "probabilities"}]
        given = [{"name": "input", "shape": shape, "datatype": "FP32", "data": values}]
        told = [{"name": "probabilities", "shape": [len(rows), 2], "datatype": "FP32", "data": answer}]
        print(f"  - name: {name}")
        print(f"    request: {json.dumps({'inputs': given, 'outputs': wanted})}")
        print(f"    expect: {json.dumps({'outputs': told})}")


if __name__ == "__main__":
    main()
