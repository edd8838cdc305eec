"""Prints the probabilities that scikit-learn itself gives the rows of standard input: mlflow_model.py FOLDER."""

import json
import sys

import mlflow
import pandas as pd

asked = json.load(sys.stdin)
model = mlflow.sklearn.load_model(sys.argv[1])
print(json.dumps(model.predict_proba(pd.DataFrame(asked["data"], columns=asked["columns"])).tolist()))
