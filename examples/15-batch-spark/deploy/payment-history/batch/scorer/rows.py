"""From the rows of a chunk to what the model takes; rows that it can't take are set apart, each with its reason."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scorer.failure import UNFIT_INPUT, Failure

TYPES = {
    "BOOL": pa.bool_(),
    "UINT8": pa.uint8(),
    "UINT16": pa.uint16(),
    "UINT32": pa.uint32(),
    "UINT64": pa.uint64(),
    "INT8": pa.int8(),
    "INT16": pa.int16(),
    "INT32": pa.int32(),
    "INT64": pa.int64(),
    "FP16": pa.float16(),
    "FP32": pa.float32(),
    "FP64": pa.float64(),
    "BYTES": pa.string(),
}


class Features:
    """The columns that the model reads, in its order and datatypes, without bad rows."""

    def __init__(self, columns):
        self.columns = columns

    def __len__(self):
        return len(next(iter(self.columns.values())))

    def array(self, name):
        """One column as an array."""
        return self.columns[name].to_numpy(zero_copy_only=False)

    def matrix(self, dtype=None):
        """All columns as one array of rows."""
        arrays = [self.array(name) for name in self.columns]
        matrix = np.empty((len(self), len(arrays)), dtype or np.result_type(*arrays))
        for index, array in enumerate(arrays):
            matrix[:, index] = array
        return matrix

    def frame(self):
        """All columns as a data frame."""
        return pa.table(self.columns).to_pandas()


class Rows:
    """The rows of a chunk that the model can take, as features and as they were read; and those that it can't."""

    def __init__(self, chunk, columns, *, allow_nulls):
        self._bad = np.zeros(len(chunk), bool)
        self._reasons = {}
        cast = {name: self._column(chunk, name, kind, allow_nulls) for name, kind in columns.items()}
        if self._bad.any():
            good = pa.array(~self._bad)
            cast = {name: column.filter(good) for name, column in cast.items()}
            self.kept = chunk.filter(good)
        else:
            self.kept = chunk
        self.features = Features(cast)
        self.bad = self._apart(chunk)

    def _column(self, chunk, name, kind, allow_nulls):
        column = chunk.column(name)
        wanted = TYPES.get(kind) or (pa.float64() if pa.types.is_string(column.type) else column.type)
        cast = self._cast(name, column, wanted, kind)
        if allow_nulls and kind is None and pa.types.is_integer(wanted) and cast.null_count:
            cast, wanted = pc.cast(cast, pa.float64(), safe=False), pa.float64()  # an integer can't be NaN
        missing = pc.is_null(cast, nan_is_null=not allow_nulls).to_numpy(zero_copy_only=False)
        if missing.any() and not (allow_nulls and pa.types.is_floating(wanted)):
            self._set_apart(np.flatnonzero(missing), f"{name} is missing")
        return cast

    def _cast(self, name, column, wanted, kind):
        """The column in the model's datatype. Rounding of floats is no loss; any other change of a value makes its row bad."""
        if column.type == wanted:
            return column
        good, bad = _cast_around(column, wanted, 0)
        for index in bad:
            self._set_apart([index], f"{name} is no {kind or wanted}: {str(column[index].as_py())[:40]!r}")
        return good

    def _set_apart(self, indices, reason):
        for index in indices:
            self._reasons.setdefault(int(index), reason)
        self._bad[indices] = True

    def _apart(self, chunk):
        """The bad rows as they were read, with a column for the reason."""
        if not self._reasons:
            return None
        apart = chunk.filter(pa.array(self._bad))
        reasons = pa.array([self._reasons[index] for index in np.flatnonzero(self._bad)], pa.string())
        return pa.RecordBatch.from_arrays([*apart.columns, reasons], names=[*apart.schema.names, "bad_reason"])


def _cast_around(column, wanted, offset):
    """The column cast, with nulls where that is not possible, and where those are: found by halving."""
    try:
        return pc.cast(column, options=pc.CastOptions(wanted, allow_float_truncate=pa.types.is_floating(wanted))), []
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        if len(column) == 1:
            return pa.nulls(1, wanted), [offset]
    half = len(column) // 2
    first, bad = _cast_around(column[:half], wanted, offset)
    second, more = _cast_around(column[half:], wanted, offset + half)
    return pa.concat_arrays([first, second]), bad + more


def check(schema, columns, path):
    """Raises Failure unless a file's schema has the columns in datatypes that those of the model can come from."""
    missing(schema.names, columns, path)
    for name, kind in columns.items():
        found = schema.field(name).type
        if not _comes_from(found, kind):
            raise Failure(UNFIT_INPUT, f"{path}: column {name} is {found}, and the model takes {kind or 'numbers'}")


def missing(names, columns, path):
    """Raises Failure when a file has not all columns."""
    if absent := [name for name in columns if name not in names]:
        raise Failure(UNFIT_INPUT, f"{path} has no column {', '.join(absent)}; it has {', '.join(names)}")


def _comes_from(found, kind):
    if pa.types.is_dictionary(found):
        found = found.value_type
    if kind == "BYTES":
        return pa.types.is_string(found) or pa.types.is_large_string(found) or pa.types.is_null(found)
    if pa.types.is_boolean(found) or kind == "BOOL":
        return pa.types.is_boolean(found) and kind in ("BOOL", None)
    numbers = pa.types.is_integer(found) or pa.types.is_floating(found) or pa.types.is_decimal(found)
    return numbers or pa.types.is_null(found) or (kind is None and pa.types.is_string(found))
