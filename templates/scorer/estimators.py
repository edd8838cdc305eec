"""Models that predict by methods: those of scikit-learn, and of libraries with its interface."""

import numpy as np


class Estimator:
    """Predictions by `predict`, probabilities by `predict_proba`."""

    concurrent = True  # predicting changes nothing in them

    def __init__(self, model):
        self._model, last = model, _last(model)
        self._classifies = hasattr(model, "predict_proba")
        self._classes = getattr(model, "classes_", None)
        self._frame = hasattr(model, "feature_names_in_")
        # What a forest predicts is by definition the likeliest class: one pass through its trees gives both.
        self._derives = type(last).__name__ in ("RandomForestClassifier", "ExtraTreesClassifier")
        if hasattr(last, "n_jobs"):
            last.n_jobs = 1

    def predict(self, features, *, wanted):
        """Prediction and probability of each row; None for what is not wanted, or not to be had."""
        given = features.frame() if self._frame else features.matrix()
        probability = prediction = None
        if self._classifies and ("probability" in wanted or self._derives):
            probability = self._model.predict_proba(given)
        if "prediction" in wanted:
            if self._derives and isinstance(probability, np.ndarray):
                prediction = self._classes[probability.argmax(axis=1)]
            else:
                prediction = self._model.predict(given)
        return prediction, probability


def _last(model):
    """The estimator at the end of a pipeline."""
    while getattr(model, "steps", None):
        model = model.steps[-1][1]
    return model
