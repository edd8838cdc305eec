"""A model that multiplies by a number which lies beside it: `mlflow_scaled.py FOLDER NUMBER` saves one, and
`mlflow_scaled.py FOLDER` prints what the one there says to the rows of standard input."""

import json
import sys
import tempfile
from pathlib import Path

import mlflow
import pandas as pd


class Scaled(mlflow.pyfunc.PythonModel):
    """Multiplies."""

    def load_context(self, context):
        self.factor = float(Path(context.artifacts["factor"]).read_text())

    def predict(self, context, model_input, params=None):
        return (model_input["amount"] * self.factor).tolist()


def save(folder, number):
    with tempfile.TemporaryDirectory() as beside:
        factor = Path(beside) / "factor"
        factor.write_text(number)
        pins = ["numpy==2.4.6", "pandas==3.1.1"]
        mlflow.pyfunc.save_model(
            folder, python_model=__file__, artifacts={"factor": str(factor)}, pip_requirements=pins
        )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        save(*sys.argv[1:])
    else:
        asked = json.load(sys.stdin)
        rows = pd.DataFrame(asked["data"], columns=asked["columns"])
        print(json.dumps(mlflow.pyfunc.load_model(sys.argv[1]).predict(rows)))
else:
    mlflow.models.set_model(Scaled())
