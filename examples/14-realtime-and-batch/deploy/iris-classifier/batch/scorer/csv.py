"""CSV with a header: all columns are read as text, which `rows` casts, so that one wrong value spoils one row only."""

import pyarrow as pa
from pyarrow import csv

from scorer.reading import Unit, rechunked
from scorer.rows import missing

SUFFIX = ".csv"
_BLOCK = 4 << 20  # bytes read at a time


def _open(system, path, columns=None):
    def reader(stream, types):
        return csv.open_csv(
            stream,
            read_options=csv.ReadOptions(block_size=_BLOCK),
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=columns,
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )

    with system.open_input_stream(path) as stream:
        names = reader(stream, {}).schema.names if columns is None else columns
    return reader(system.open_input_stream(path), dict.fromkeys(names, pa.string()))


def units(system, file, columns):
    """The file."""
    if not file.size:
        raise pa.ArrowInvalid("it is empty, without a header")
    with _open(system, file.path) as reader:
        missing(reader.schema.names, columns, file.path)
    return [Unit(file, file.size)]


def chunks(system, unit, columns, rows):
    """The rows of a file."""
    with _open(system, unit.file.path, columns) as reader:
        yield from rechunked(reader, rows)


class Writer:
    def __init__(self, stream, schema):
        self._writer = csv.CSVWriter(stream, schema)

    def write(self, batch):
        self._writer.write_batch(batch)

    def close(self):
        self._writer.close()
