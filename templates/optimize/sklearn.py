"""The model of scikit-learn: loaded with joblib, asked by its methods, converted by skl2onnx."""

import sys
from pathlib import PurePosixPath

import joblib
import numpy as np
from onnx_face import MATRIX
from skl2onnx import convert_sklearn
from skl2onnx.common import data_types
from sklearn.base import is_classifier
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline

TITLE = "scikit-learn"
METHODS = ("predict", "predict_proba", "transform")


def load(project, spec):
    """The model; modules that it was made with are looked for beside it, as the server does."""
    sys.path += [str(project / PurePosixPath(path).parent) for path in (spec["file"], spec["code"]) if path]
    return joblib.load(project / spec["file"])


def outputs(model, spec):
    """The methods that are asked: those that the signature names, else all that there are."""
    named = [item["name"] for item in spec["outputs"]]
    return named or [name for name in METHODS if hasattr(model, name)]


def answer(model, feed, spec):
    """What the methods say, by their names; of a table they get a data frame."""
    rows = next(iter(feed.values()))
    if spec["table"]:
        import pandas

        rows = pandas.DataFrame({name: array.reshape(-1) for name, array in feed.items()})
    return {name: np.asarray(getattr(model, name)(rows)) for name in outputs(model, spec)}


def convert(model, spec, feed):
    """The ONNX model, and which of its outputs is which method's."""
    places = {"predict": 0, "predict_proba": 1} if is_classifier(model) else {"predict": 0, "transform": 0}
    wanted = outputs(model, spec)
    if strange := [name for name in wanted if name not in places or not hasattr(model, name)]:
        raise ValueError(f"the model has no {' and no '.join(strange)}; the outputs of the signature are its methods")
    converted = convert_sklearn(
        model,
        name="source",
        initial_types=types(model, spec),
        options={"zipmap": False} if hasattr(model, "predict_proba") else None,
        target_opset={"": spec["opset"], "ai.onnx.ml": 3},
    )
    return converted, {name: (places[name], None) for name in wanted}


def types(model, spec):
    """What skl2onnx is told of the inputs: each column where the model tells them apart, else one matrix."""
    kinds = [kind(item["datatype"]) for item in spec["inputs"]]
    if spec["table"] and by_column(model):
        return [(item["name"], one([None, 1])) for item, one in zip(spec["inputs"], kinds, strict=True)]
    width = len(kinds) if spec["table"] else spec["inputs"][0]["shape"][-1]
    one = kinds[0] if len(set(kinds)) == 1 else data_types.FloatTensorType
    return [(MATRIX, one([None, width if width > 0 else None]))]


def by_column(model):
    while isinstance(model, Pipeline):
        model = model.steps[0][1]
    return isinstance(model, ColumnTransformer)


def kind(datatype):
    """Doubles are computed as floats: ONNX Runtime takes no trees of doubles from this converter."""
    if datatype.startswith("FP"):
        return data_types.FloatTensorType
    return {"BYTES": data_types.StringTensorType, "BOOL": data_types.BooleanTensorType}.get(
        datatype, data_types.Int64TensorType
    )
