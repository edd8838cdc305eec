"""A model that takes as long as its request says, and answers with the process it ran in: mlflow_slow.py FOLDER."""

import os
import sys
import time

import mlflow


class Slow(mlflow.pyfunc.PythonModel):
    """Sleeps, and says so."""

    def predict(self, context, model_input, params=None):
        seconds = float(model_input["seconds"].iloc[0])
        if seconds < 0:
            raise ValueError("no such time")
        print("it sleeps", file=sys.stderr, flush=True)
        time.sleep(seconds)
        return [os.getpid()]


if __name__ == "__main__":
    mlflow.pyfunc.save_model(sys.argv[1], python_model=__file__, pip_requirements=["pandas"])
else:
    mlflow.models.set_model(Slow())
