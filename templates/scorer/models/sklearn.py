"""A model of scikit-learn, as joblib or pickle saved it."""

import joblib

from scorer.estimators import Estimator


def Model(path, *, threads, settings):  # noqa: N802 - called like the class that it stands for
    return Estimator(joblib.load(path))
