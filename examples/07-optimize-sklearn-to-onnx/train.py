"""Trains a classifier of wines on the measurements that come with scikit-learn.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python train.py

Writes model/wine.joblib and prints the example requests with the answers of the trained model. With these versions
the file comes out the same again, byte for byte.
"""

import json
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_wine
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Bunch

SEED = 20240501
MODEL = Path(__file__).parent / "model" / "wine.joblib"

# Rows of the data: alcohol, malic acid, ash, its alkalinity, magnesium, phenols, flavanoids, other phenols,
# proanthocyanins, colour, hue, OD280/OD315, proline
EXAMPLES = {"a wine of the first grower": [0], "one of the second and one of the third": [60, 170]}


def main() -> None:
    """Trains, saves, and reports."""
    wines = load_wine()
    model = make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=60, max_depth=2, random_state=SEED))
    print(f"# accuracy in five-fold cross-validation: {cross_val_score(model, *as_served(wines)).mean():.3f}")
    model.fit(*as_served(wines))
    joblib.dump(model, MODEL)
    print_examples(model, as_served(wines)[0])


def as_served(wines: Bunch) -> tuple[np.ndarray, np.ndarray]:
    """The measurements in float32, as they are served, and the growers."""
    return wines.data.astype(np.float32), wines.target


def print_examples(model: Pipeline, rows: np.ndarray) -> None:
    """The `examples:` block of serving.yaml."""
    print("examples:")
    for name, picked in EXAMPLES.items():
        answer = [round(float(value), 8) for value in model.predict_proba(rows[picked]).ravel()]
        values = [round(float(value), 2) for value in rows[picked].ravel()]
        given = [{"name": "input", "shape": [len(picked), 13], "datatype": "FP32", "data": values}]
        told = [{"name": "predict_proba", "shape": [len(picked), 3], "datatype": "FP64", "data": answer}]
        print(f"  - name: {name}")
        print(f"    request: {json.dumps({'inputs': given})}")
        print(f"    expect: {json.dumps({'outputs': told})}")


if __name__ == "__main__":
    main()
