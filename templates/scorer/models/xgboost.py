"""A model of XGBoost, as its own format has it."""

import json

import xgboost as xgb

from scorer.outcome import outcome


class Model:
    concurrent = True

    def __init__(self, path, *, threads, settings):
        told = xgb.Booster(model_file=path).attr("scikit_learn")
        kind = json.loads(told).get("_estimator_type") if told else None
        self._classifies = kind == "classifier"
        kinds = {"classifier": xgb.XGBClassifier, "ranker": xgb.XGBRanker}
        # By these interfaces a model that was stopped early answers with its best trees, and not with all.
        self._model = kinds.get(kind, xgb.XGBRegressor)(n_jobs=1)
        self._model.load_model(path)
        booster = self._model.get_booster()
        booster.feature_names = None  # a linear one asks an array for them, which has none
        shape = json.loads(booster.save_config())["learner"]["learner_model_param"]
        self._labels = self._classifies and shape.get("num_target", "1") != "1"

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        given = features.matrix("float32")
        if not self._classifies:
            return outcome([self._model.predict(given)], both=len(wanted) == 2)
        if "probability" not in wanted:
            return self._model.predict(given), None
        probability = self._model.predict_proba(given)
        if self._labels:  # each has a probability of its own
            return self._model.predict(given), probability
        return probability.argmax(axis=1), probability  # the likeliest class is what it predicts
