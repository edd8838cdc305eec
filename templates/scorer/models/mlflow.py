"""A model of MLflow: by its flavour's own loader, for a function of Python knows no probabilities."""

import os

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # read when MLflow is imported

import importlib  # noqa: E402

import mlflow  # noqa: E402
import numpy as np  # noqa: E402

from scorer.estimators import Estimator  # noqa: E402
from scorer.outcome import outcome  # noqa: E402

_ESTIMATORS = ("sklearn", "xgboost", "lightgbm")


class Model:
    def __init__(self, path, *, threads, settings):
        flavors = mlflow.models.get_model_info(path).flavors
        self._estimator = self._function = None
        for name in _ESTIMATORS:
            if name in flavors:
                found = importlib.import_module(f"mlflow.{name}").load_model(path)
                if hasattr(found, "predict") and name == "sklearn" or hasattr(found, "predict_proba"):
                    self._estimator = Estimator(found)
        if self._estimator is None:
            self._function = mlflow.pyfunc.load_model(path)
        # What a function of somebody's own does meanwhile is not known.
        self.concurrent = self._estimator is not None

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        if self._estimator:
            return self._estimator.predict(features, wanted=wanted)
        output = self._function.predict(features.frame())
        arrays = list(output.values()) if isinstance(output, dict) else [output]
        return outcome([np.asarray(array) for array in arrays], both=len(wanted) == 2)
