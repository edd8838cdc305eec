"""What the model answered, as plain values: a prediction and a probability for each row."""

import numpy as np


def values(outputs, wanted, count):
    """For each row what is wanted of it. An answer that is no number is None."""
    columns = [_column(outputs[kind], kind, count) for kind in wanted]
    return list(zip(*columns, strict=True))


def _column(array, kind, count):
    if array is None:
        raise ValueError(f"the model gives no {kind}")
    if len(array) != count:
        raise ValueError(f"the model gives {len(array)} answers for {count} rows")
    if kind == "probability" and array.ndim == 2 and array.shape[1] == 2:
        array = array[:, 1]  # of two classes the second
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        return np.where(np.isfinite(array), array, None).tolist()
    return [item.decode() if isinstance(item, bytes) else item for item in array.tolist()] if array.dtype.kind in "OS" else array.tolist()
