"""Which of a model's outputs is the prediction, and which the probability."""

import numpy as np

from scorer.failure import MODEL, Failure

_HALF = 0.5


def outcome(arrays, *, both, classes=None):
    """Prediction and probability among a model's output arrays; None for the one that there is not.

    Floats in several columns are probabilities, by class. Of two arrays with one value a row, floats are the
    probability beside anything else. One lone array of one float a row is the prediction, and the probability too;
    when `both` are wanted, the prediction is whether it is at least one half.
    """
    arrays = [_flat(np.asarray(array)) for array in arrays]
    tables = [array for array in arrays if array.ndim == 2 and array.dtype.kind == "f"]
    rows = [array for array in arrays if array.ndim == 1]
    plain = [array for array in rows if array.dtype.kind != "f"]
    if tables:
        probability = tables[0]
        prediction = (plain or rows or [_chosen(probability, classes)])[0]
    elif plain:
        floats = [array for array in rows if array.dtype.kind == "f"]
        prediction, probability = plain[0], floats[0] if floats else None
    elif len(rows) == 1:
        probability = rows[0]
        prediction = (probability >= _HALF).astype("int64") if both else probability
    else:
        shapes = ", ".join(f"{array.dtype}{list(array.shape[1:])}" for array in arrays)
        raise Failure(MODEL, f"which output of the model is the prediction can't be told: it gives {shapes} a row")
    return prediction, probability


def _flat(array):
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def _chosen(probability, classes):
    index = probability.argmax(axis=1)
    return index if classes is None else np.asarray(classes)[index]
