"""A model of LightGBM, as its own format has it."""

import lightgbm as lgb

from scorer.outcome import outcome


class Model:
    concurrent = True

    def __init__(self, path, *, threads, settings):
        self._booster = lgb.Booster(model_file=path)

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        output = self._booster.predict(features.matrix("float64"), num_threads=1)
        return outcome([output], both=len(wanted) == 2)
