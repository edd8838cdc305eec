"""The model of XGBoost: loaded and asked as MLServer does, converted by onnxmltools."""

import json

import numpy as np
import xgboost
from onnx_face import MATRIX
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType

TITLE = "XGBoost"


def load(project, spec):
    """A regressor, or a classifier if it was saved as one: what was saved without saying so is a regressor."""
    path = project / spec["file"]
    try:
        model = xgboost.XGBRegressor()
        model.load_model(path)
    except TypeError:
        model = xgboost.XGBClassifier()
        model.load_model(path)
    return model.set_params(n_jobs=spec["threads"])


def outputs(model, spec):
    """The methods that are asked: those that the signature names, else all that there are."""
    named = [item["name"] for item in spec["outputs"]]
    return named or [name for name in ("predict", "predict_proba") if hasattr(model, name)]


def answer(model, feed, spec):
    """What the methods say, by their names; of a table they get a data frame."""
    rows = next(iter(feed.values()))
    if spec["table"]:
        import pandas

        rows = pandas.DataFrame({name: array.reshape(-1) for name, array in feed.items()})
    return {name: np.asarray(getattr(model, name)(rows)) for name in outputs(model, spec)}


def convert(model, spec, feed):
    """The ONNX model, and which of its outputs is which method's."""
    booster = model.get_booster()
    objective = json.loads(booster.save_config())["learner"]["objective"]["name"]
    places, converted = {"predict": (0, None)}, model
    if hasattr(model, "predict_proba"):
        places["predict_proba"] = (1, None)
    elif objective.startswith(("binary:", "multi:")):
        # It answers with probabilities; only of a bare booster does the converter see that it has classes.
        places, converted = {"predict": (1, 1 if objective.startswith("binary:") else None)}, booster
    wanted = outputs(model, spec)
    if strange := [name for name in wanted if name not in places]:
        raise ValueError(f"the model has no {' and no '.join(strange)}; the outputs of the signature are its methods")
    types = [(MATRIX, FloatTensorType([None, booster.num_features()]))]
    names, booster.feature_names = booster.feature_names, None  # the converter takes each for a number
    try:
        found = convert_xgboost(converted, name="source", initial_types=types, target_opset=spec["opset"])
    finally:
        booster.feature_names = names
    return found, {name: places[name] for name in wanted}
