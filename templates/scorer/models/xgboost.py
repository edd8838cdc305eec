"""A model of XGBoost, as its own format has it."""

import xgboost as xgb

from scorer.estimators import Estimator
from scorer.outcome import outcome


class Model:
    concurrent = True

    def __init__(self, path, *, threads, settings):
        booster = xgb.Booster(model_file=path)
        booster.set_param({"nthread": 1})
        self._booster = booster
        self._classifier = None
        if booster.attr("scikit_learn") and '"XGBClassifier"' in booster.attr("scikit_learn"):
            classifier = xgb.XGBClassifier(n_jobs=1)
            classifier.load_model(path)
            self._classifier = Estimator(classifier)

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        if self._classifier:
            return self._classifier.predict(features, wanted=wanted)
        output = self._booster.inplace_predict(features.matrix("float32"))
        return outcome([output], both=len(wanted) == 2)
