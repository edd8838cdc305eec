"""From the values of events to what the model takes; events that it can't take are set apart, each with its reason."""

import math
from decimal import Decimal

import numpy as np

# By the Open Inference Protocol's name: numpy's.
DATATYPES = {
    "BOOL": "bool",
    "UINT8": "uint8",
    "UINT16": "uint16",
    "UINT32": "uint32",
    "UINT64": "uint64",
    "INT8": "int8",
    "INT16": "int16",
    "INT32": "int32",
    "INT64": "int64",
    "FP16": "float16",
    "FP32": "float32",
    "FP64": "float64",
    "BYTES": "object",
}
# By the kind of numpy's: the types of Python whose values it takes as they are.
_TYPES = {"b": {bool}, "u": {int}, "i": {int}, "f": {int, float}, "O": {str}}


class Features:
    """The columns that the model reads, in its order and datatypes."""

    def __init__(self, columns):
        self.columns = columns

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def array(self, name):
        """One column as an array."""
        return self.columns[name]

    def matrix(self, dtype=None):
        """All columns as one array of rows."""
        arrays = list(self.columns.values())
        matrix = np.empty((len(self), len(arrays)), dtype or np.result_type(*arrays))
        for index, array in enumerate(arrays):
            matrix[:, index] = array
        return matrix

    def frame(self):
        """All columns as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.columns)

    def part(self, start, end):
        """Those of some neighbouring rows."""
        return Features({name: array[start:end] for name, array in self.columns.items()})


class Reader:
    """What the model reads of an event, and which of its values it takes."""

    def __init__(self, features, *, allow_nulls):
        self._columns = [_Column(**feature, allow_nulls=allow_nulls) for feature in features]

    def read(self, rows):
        """Features of the rows that have them all, and by their number the reasons of those that don't."""
        bad = {}
        columns = {column.name: column.array(rows, bad) for column in self._columns}
        if bad:
            good = np.ones(len(rows), bool)
            good[list(bad)] = False
            columns = {name: array[good] for name, array in columns.items()}
        return Features(columns), bad


class _Column:
    def __init__(self, name, path, type, *, allow_nulls):
        self.name, self._path, self._type = name, path, type or "number"
        self._key = path[0] if len(path) == 1 and isinstance(path[0], str) else None
        self._dtype = np.dtype(DATATYPES[type] if type else "float64")
        self._types = _TYPES[self._dtype.kind]
        self._nulls = allow_nulls and self._dtype.kind == "f"

    def array(self, rows, bad):
        """The column of all rows; what stands in those that are bad does not matter."""
        key = self._key
        values = [found_at(row, self._path) for row in rows] if key is None else [row.get(key) for row in rows]
        if set(map(type, values)) <= self._types:
            try:
                with np.errstate(over="ignore"):
                    array = np.array(values, self._dtype)
            except OverflowError:  # a whole number that is too large
                return self._one_by_one(values, bad)
            if self._dtype.kind != "f" or np.isfinite(array).all():
                return array
        return self._one_by_one(values, bad)

    def _one_by_one(self, values, bad):
        array = np.zeros(len(values), self._dtype)
        for index, value in enumerate(values):
            try:
                array[index] = self._taken(value)
            except (ValueError, OverflowError):
                missing = value is None or value != value
                reason = "is missing" if missing else f"is no {self._type}: {str(value)[:40]!r}"
                bad.setdefault(index, f"{self.name} {reason}")
        return array

    def _taken(self, value):
        """The value, where the model's datatype has it; rounding of floats is no loss, any other change is."""
        if self._nulls and value is None:
            return math.nan
        if type(value) is Decimal:  # Avro's: without a fraction it is a whole number, however large
            value = int(value) if value == value.to_integral_value() else float(value)
        if type(value) is float and self._dtype.kind in "iu" and value.is_integer():
            return int(value)
        if type(value) not in self._types:
            raise ValueError
        with np.errstate(over="ignore"):
            if self._dtype.kind == "f" and not (np.isfinite(self._dtype.type(value)) or self._nulls and value != value):
                raise ValueError
        return value


def found_at(row, path):
    """What stands at a path of keys and places in lists; None where there is no such thing."""
    for step in path:
        try:
            row = row[step]
        except (KeyError, IndexError, TypeError):
            return None
    return row
