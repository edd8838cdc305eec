"""Trains small models that convert to ONNX each in its way: python make_convertible.py FOLDER"""

from __future__ import annotations

import sys
from pathlib import Path

import joblib
import lightgbm
import numpy as np
import pandas
import torch
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

_CODE = """\
import torch


class Network(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(64, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1), torch.nn.Sigmoid()
        )

    def forward(self, features):
        return self.layers(features)
"""


def main() -> None:
    """Writes table.joblib, clock.joblib, odd.joblib, linear.joblib, forest.joblib, classifier.json, booster.*, network/, script.pt."""
    folder, rng = Path(sys.argv[1]), np.random.default_rng(7)
    rows = rng.normal(size=(600, 4)).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int)
    _sklearn(folder, rows, labels)
    xgboost.XGBClassifier(n_estimators=15, max_depth=3).fit(rows, labels).save_model(folder / "classifier.json")
    objective = {"objective": "binary:logistic", "max_depth": 3}
    xgboost.train(objective, xgboost.DMatrix(rows, labels), 15).save_model(folder / "booster.ubj")
    booster = lightgbm.LGBMClassifier(n_estimators=15, max_depth=3, verbose=-1).fit(rows, labels)
    booster.booster_.save_model(folder / "booster.txt")
    _torch(folder)


def _sklearn(folder: Path, rows: np.ndarray, labels: np.ndarray) -> None:
    table = pandas.DataFrame(
        {
            "amount": rows[:, 0],
            "hour": (rows[:, 1] * 8).astype("int64"),
            "country": np.where(rows[:, 2] > 0, "de", "fr"),
        }
    )
    columns = ColumnTransformer(
        [
            ("numbers", StandardScaler(), ["amount", "hour"]),
            ("words", OneHotEncoder(handle_unknown="ignore"), ["country"]),
        ]
    )
    joblib.dump(make_pipeline(columns, LogisticRegression()).fit(table, labels), folder / "table.joblib")
    # A scaled time of day in seconds since 1970: float32 tells two minutes apart, and the splits are closer than that.
    clock = np.column_stack([rows[:, :2].astype("float64"), 1.7e9 + np.arange(len(rows)) * 40.0])
    trees = make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=40, max_depth=5, random_state=7))
    joblib.dump(trees.fit(clock, (clock[:, 2] // 600 % 2).astype(int)), folder / "clock.joblib")
    odd = make_pipeline(FunctionTransformer(np.tanh), LogisticRegression())
    joblib.dump(odd.fit(rows, labels), folder / "odd.joblib")
    joblib.dump(LogisticRegression().fit(rows, labels), folder / "linear.joblib")
    forest = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=7)
    joblib.dump(forest.fit(rows, labels), folder / "forest.joblib")


def _torch(folder: Path) -> None:
    (folder / "network").mkdir()
    code = folder / "network" / "model.py"
    code.write_text(_CODE)
    sys.path.append(str(code.parent))
    from model import Network

    torch.manual_seed(7)
    network = Network().eval()
    torch.save(network.state_dict(), folder / "network" / "network.pt")
    torch.jit.trace(network, torch.zeros(2, 64)).save(folder / "script.pt")


if __name__ == "__main__":
    main()
