"""What a model answered, as columns of results."""

import pyarrow as pa


def column(array, *, probability=False):
    """The array as a column: of the probabilities of two classes that of the second, of more a list a row."""
    if probability and array.ndim == 2 and array.shape[1] == 2:
        array = array[:, 1]
    if array.ndim == 1:
        return pa.array(array, pa.string()) if array.dtype.kind in "OUS" else pa.array(array)
    return pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), array.shape[1])
