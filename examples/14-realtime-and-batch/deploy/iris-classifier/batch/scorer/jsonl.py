"""JSON, an object a line. The columns are the keys of a file's first line; a key that another line lacks is missing."""

import datetime as dt
import io
import itertools
import json
import math

import pyarrow as pa

from scorer.reading import Unit
from scorer.rows import missing

SUFFIX = ".jsonl"


def _lines(system, path):
    """Each object of a file."""
    with system.open_input_stream(path) as stream, io.TextIOWrapper(stream, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            try:
                value = json.loads(line)
            except ValueError as error:
                raise pa.ArrowInvalid(f"line {number} is no JSON: {error}") from None
            if not isinstance(value, dict):
                raise pa.ArrowInvalid(f"line {number} is no object")
            yield value


def units(system, file, columns):
    """The file."""
    first = next(_lines(system, file.path), None)
    if first is not None:
        missing(list(first), columns, file.path)
    return [Unit(file, file.size)] if first is not None else []


def chunks(system, unit, columns, rows):
    """The rows of a file."""
    lines = _lines(system, unit.file.path)
    first = next(lines, {})
    names = columns or list(first)
    lines = itertools.chain([first], lines)
    while chunk := list(itertools.islice(lines, rows)):
        yield pa.RecordBatch.from_arrays([_column([line.get(name) for line in chunk]) for name in names], names=names)


def _column(values):
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # values of several kinds: as text, which `rows` casts one by one
        return pa.array([json.dumps(value) if not isinstance(value, str | None) else value for value in values])


class Writer:
    def __init__(self, stream, schema):
        self._stream = stream

    def write(self, batch):
        for row in batch.to_pylist():
            self._stream.write(f"{json.dumps(_plain(row), ensure_ascii=False)}\n".encode())

    def close(self):
        pass


def _plain(value):
    """The value as JSON has it: NaN is nothing, and a time is text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | None) else str(value)
