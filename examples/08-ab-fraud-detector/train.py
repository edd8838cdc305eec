"""Trains two versions of a fraud detector on payments that it makes up, and converts both to ONNX.

    pip install scikit-learn==1.9.1 skl2onnx==1.20.0 onnxruntime==1.32.0 numpy==2.4.6
    python train.py

Writes models/1.onnx (logistic regression) and models/2.onnx (gradient boosting), and prints how good they are and what
each answers to the example requests. With these versions the same answers come out again.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEED = 20240501
MODELS = Path(__file__).parent / "models"
NIGHT = (23, 0, 1, 2, 3, 4)
RISK = (-0.6, -0.4, -0.5, 0.0, 0.2, -0.3, 0.1, 0.6, 0.9, 1.3, 1.6, 1.2)  # log-odds by category

# amount, category, hour, day of week (0 is Monday)
EXAMPLES = {
    "a small payment at noon": [[86.2, 4, 13, 1]],
    "a large payment at night": [[1850.0, 10, 3, 6]],
}
VERSIONS = {
    "1": make_pipeline(StandardScaler(), LogisticRegression(random_state=SEED)),
    "2": GradientBoostingClassifier(n_estimators=40, max_depth=3, random_state=SEED),
}


def main() -> None:
    """Trains, converts, compares, and reports."""
    rng = np.random.default_rng(SEED)
    rows, labels = make_payments(rng, 20_000)
    test_rows, test_labels = make_payments(rng, 10_000)
    for version, model in VERSIONS.items():
        path = MODELS / f"{version}.onnx"
        path.write_bytes(converted(model.fit(rows, labels)))
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        served, trained = score(session, test_rows), model.predict_proba(test_rows)
        area, difference = roc_auc_score(test_labels, served[:, 1]), np.abs(served - trained).max()
        print(f"version {version}: ROC AUC {area:.4f} on {len(test_rows)} payments it has not seen, ", end="")
        print(f"largest difference to scikit-learn {difference:.1e}")
        for name, given in EXAMPLES.items():
            print(f"  {name}: {json.dumps([round(float(value), 8) for value in score(session, given).ravel()])}")


def make_payments(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Made-up payments in float32, as they are served, and whether each was fraud."""
    amount = np.round(rng.lognormal(mean=3.6, sigma=1.2, size=count), 2)
    category, hour, day = rng.integers(0, len(RISK), count), rng.integers(0, 24, count), rng.integers(0, 7, count)
    night = np.isin(hour, NIGHT)
    odds = -8.2 + 2.0 * (np.log1p(amount) - 3.6) + 2.2 * np.array(RISK)[category] + 2.6 * night
    odds += 1.2 * night * (day >= 5)
    fraud = rng.random(count) < 1 / (1 + np.exp(-odds))
    return np.column_stack([amount, category, hour, day]).astype(np.float32), fraud.astype(int)


def converted(model: object) -> bytes:
    """The model as ONNX: one input of any number of rows, and plain tensors as outputs (`zipmap` off)."""
    inputs = [("input", FloatTensorType([None, 4]))]
    graph = to_onnx(model, initial_types=inputs, options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    # Their order is that of a set: another one in another run.
    graph.opset_import.sort(key=lambda opset: opset.domain, reverse=True)
    return graph.SerializeToString()


def score(session: onnxruntime.InferenceSession, rows: np.ndarray | list[list[float]]) -> np.ndarray:
    """The probabilities of honest and of fraud for each row, as the served model computes them."""
    return session.run(["probabilities"], {"input": np.array(rows, np.float32)})[0]


if __name__ == "__main__":
    main()
