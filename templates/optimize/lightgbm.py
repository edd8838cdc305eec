"""The model of LightGBM: a booster, as MLServer serves it, converted by onnxmltools."""

import lightgbm
import numpy as np
from onnx_face import MATRIX
from onnxmltools import convert_lightgbm
from onnxmltools.convert.common.data_types import FloatTensorType

TITLE = "LightGBM"


def load(project, spec):
    """The booster."""
    return lightgbm.Booster(model_file=project / spec["file"])


def answer(model, feed, spec):
    """What the booster predicts, columns side by side."""
    rows = [array.reshape(len(array), -1) for array in feed.values()]
    return {name(spec): np.asarray(model.predict(np.hstack(rows), num_threads=spec["threads"]))}


def name(spec):
    """What its one output is called."""
    return spec["outputs"][0]["name"] if spec["outputs"] else "predict"


def convert(model, spec, feed):
    """The ONNX model, and what of it the prediction is: of a classifier the probabilities, of two classes the second."""
    types = [(MATRIX, FloatTensorType([None, model.num_feature()]))]
    found = convert_lightgbm(model, name="source", initial_types=types, target_opset=spec["opset"], zipmap=False)
    if len(found.graph.output) == 1:
        return found, {name(spec): (0, None)}
    return found, {name(spec): (1, 1 if model.num_model_per_iteration() == 1 else None)}
