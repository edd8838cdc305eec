"""A model of LightGBM, as its own format has it."""

import lightgbm as lgb

from scorer.outcome import outcome


class Model:
    def __init__(self, path, *, threads, settings):
        self._booster = lgb.Booster(model_file=path)
        self._threads = threads

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        output = self._booster.predict(features.matrix("float64"), num_threads=self._threads)
        return outcome([output], both=len(wanted) == 2)
