"""Trains small models and saves them as their libraries do: python make_boosters.py FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

import joblib
import lightgbm
import numpy as np
import xgboost
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder
from sklearn.tree import DecisionTreeClassifier


def main() -> None:
    """Writes classifier.json, classifier.ubj, booster.txt, and table.joblib, which takes columns of numbers and text."""
    folder, rng = Path(sys.argv[1]), np.random.default_rng(7)
    rows = rng.normal(size=(400, 4)).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int)
    classifier = xgboost.XGBClassifier(n_estimators=15, max_depth=3).fit(rows, labels)
    for suffix in ("json", "ubj"):
        classifier.save_model(folder / f"classifier.{suffix}")
    booster = lightgbm.LGBMClassifier(n_estimators=15, max_depth=3, verbose=-1).fit(rows, labels)
    booster.booster_.save_model(folder / "booster.txt")
    import pandas

    table = pandas.DataFrame({"amount": rows[:, 0], "country": np.where(rows[:, 1] > 0, "de", "fr")})
    model = make_pipeline(OrdinalEncoder(categories="auto"), DecisionTreeClassifier(max_depth=3))
    model.set_params(ordinalencoder__handle_unknown="use_encoded_value", ordinalencoder__unknown_value=-1)
    joblib.dump(model.fit(table, labels), folder / "table.joblib")


if __name__ == "__main__":
    main()
