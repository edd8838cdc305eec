"""`python train.py FOLDER`: a gradient boosting of four features, as joblib has it and as MLflow saves it."""

import sys
from pathlib import Path

import joblib
import mlflow.sklearn
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier

folder = Path(sys.argv[1])
draw = np.random.default_rng(0)
rows = draw.normal(size=(2000, 4))
labels = (rows[:, 0] * rows[:, 1] + rows[:, 2] + draw.normal(scale=0.5, size=2000) > 0).astype(int)
model = GradientBoostingClassifier(random_state=0).fit(rows, labels)
joblib.dump(model, folder / "model.joblib")
trusted = ["sklearn.tree._tree.Tree"]  # trees that were grown just now
mlflow.sklearn.save_model(model, folder / "mlflow", pyfunc_predict_fn="predict_proba", skops_trusted_types=trusted)
