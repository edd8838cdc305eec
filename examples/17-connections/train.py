"""Trains a classifier of iris flowers on the measurements that come with scikit-learn.

    pip install scikit-learn==1.5.2 numpy==2.4.6
    python train.py

Writes model/iris.joblib and prints the example requests with the answers of the trained model. With these versions
the file comes out the same again, byte for byte.
"""

import json
from pathlib import Path

import joblib
import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import Bunch

MODEL = Path(__file__).parent / "model" / "iris.joblib"

# Lengths and widths of sepal and petal, in centimetres
EXAMPLES = {
    "a setosa": [[5.1, 3.5, 1.4, 0.2]],
}


def main() -> None:
    """Trains, saves, and reports."""
    flowers = load_iris()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    print(f"# accuracy in five-fold cross-validation: {cross_val_score(model, *as_served(flowers)).mean():.3f}")
    model.fit(*as_served(flowers))
    joblib.dump(model, MODEL)
    print_examples(model)


def as_served(flowers: Bunch) -> tuple[np.ndarray, np.ndarray]:
    """The measurements in float32, as they are served, and the species."""
    return flowers.data.astype(np.float32), flowers.target


def print_examples(model: Pipeline) -> None:
    """The `examples:` block of serving.yaml."""
    print("examples:")
    for name, rows in EXAMPLES.items():
        answer = [round(float(value), 8) for value in model.predict_proba(np.array(rows, np.float32)).ravel()]
        values = [value for row in rows for value in row]
        given = [{"name": "input", "shape": [len(rows), 4], "datatype": "FP32", "data": values}]
        told = [{"name": "predict_proba", "shape": [len(rows), 3], "datatype": "FP64", "data": answer}]
        print(f"  - name: {name}")
        print(f"    request: {json.dumps({'inputs': given})}")
        print(f"    expect: {json.dumps({'outputs': told})}")


if __name__ == "__main__":
    main()
