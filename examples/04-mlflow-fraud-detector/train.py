"""Trains the fraud detector on payments that it makes up, saves it with MLflow, and says how good it is.

    pip install mlflow==3.17.2 scikit-learn==1.9.1 numpy==2.4.6 pandas==3.1.1
    python train.py

Writes the folder model/ and prints the example requests with the answers that the trained model gives.
"""

import json
import shutil
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, PowerTransformer

SEED = 20240501
MODEL = Path(__file__).parent / "model"
COLUMNS = ["amount", "category_encoded", "hour", "day_of_week"]
NIGHT = (23, 0, 1, 2, 3, 4)
RISK = (-0.6, -0.4, -0.5, 0.0, 0.2, -0.3, 0.1, 0.6, 0.9, 1.3, 1.6, 1.2)  # log-odds by category_encoded

# A day_of_week of 0 is Monday.
EXAMPLES = {
    "a small payment at noon": [[86.2, 4, 13, 1]],
    "a large payment at night": [[1850.0, 10, 3, 6]],
    "three payments at once": [[58.99, 5, 18, 0], [420.0, 9, 22, 4], [310.0, 11, 2, 5]],
}


def main() -> None:
    """Trains, saves, and reports."""
    rng = np.random.default_rng(SEED)
    rows, labels = make_payments(rng, 50_000)
    unseen, truth = make_payments(rng, 10_000)
    model = pipeline().fit(rows, labels)
    save(model)
    print(f"# ROC AUC on {len(unseen)} payments it has not seen: {roc_auc_score(truth, score(model, unseen)):.4f}")
    print_examples(model)


def make_payments(rng: np.random.Generator, count: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Made-up payments, and whether each was fraud."""
    amount = np.round(rng.lognormal(mean=3.6, sigma=1.2, size=count), 2)
    category = rng.integers(0, len(RISK), count)
    hour = rng.integers(0, 24, count)
    day = rng.integers(0, 7, count)
    night = np.isin(hour, NIGHT)
    odds = -8.2 + 2.0 * (np.log1p(amount) - 3.6) + 2.2 * np.array(RISK)[category] + 2.6 * night
    odds += 1.2 * night * (day >= 5)
    fraud = rng.random(count) < 1 / (1 + np.exp(-odds))
    return frame(np.column_stack([amount, category, hour, day])), fraud.astype(int)


def frame(rows: np.ndarray | list[list[float]]) -> pd.DataFrame:
    """The rows as the model takes them."""
    return pd.DataFrame(rows, columns=COLUMNS, dtype="float64")


def pipeline() -> Pipeline:
    """The model, not yet trained: it scales its own inputs, so callers send raw features."""
    features = ColumnTransformer(
        [("amount", PowerTransformer(), ["amount"]), ("codes", OneHotEncoder(handle_unknown="ignore"), COLUMNS[1:])]
    )
    return make_pipeline(features, LogisticRegression(max_iter=2000))


def save(model: Pipeline) -> None:
    """Writes the model's folder: `predict` answers with probabilities, and no pickle is needed to load it."""
    shutil.rmtree(MODEL, ignore_errors=True)
    doubles = Schema([ColSpec("double", name) for name in COLUMNS])
    mlflow.sklearn.save_model(
        model,
        MODEL,
        signature=ModelSignature(doubles, Schema([ColSpec("double"), ColSpec("double")])),
        pyfunc_predict_fn="predict_proba",
        serialization_format="skops",
    )


def score(model: Pipeline, rows: pd.DataFrame) -> np.ndarray:
    """The fraud probability of each row."""
    return model.predict_proba(rows)[:, 1]


def print_examples(model: Pipeline) -> None:
    """The `examples:` block of serving.yaml."""
    print("examples:")
    for name, rows in EXAMPLES.items():
        answers = model.predict_proba(frame(rows)).round(8).tolist()
        request = {"dataframe_split": {"columns": COLUMNS, "data": rows}}
        print(f"  - name: {name}")
        print(f"    request: {json.dumps(request)}")
        print(f"    expect: {json.dumps({'predictions': answers})}")


if __name__ == "__main__":
    main()
