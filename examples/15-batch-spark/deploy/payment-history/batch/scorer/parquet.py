"""Parquet: read a row group at a time, written a chunk a row group."""

import pyarrow.parquet as pq

from scorer.reading import Unit
from scorer.rows import check, missing

SUFFIX = ".parquet"
_BUFFER = 1 << 20  # bytes read at a time, so that a row group of any size takes little memory


def units(system, file, columns):
    """The row groups of a file."""
    with system.open_input_file(file.path) as stream:
        found = pq.ParquetFile(stream)
        check(found.schema_arrow, columns, file.path)
        groups = found.metadata
        return [Unit(file, groups.row_group(index).num_rows, index) for index in range(groups.num_row_groups)]


def chunks(system, unit, columns, rows):
    """The rows of a row group."""
    with system.open_input_file(unit.file.path) as stream:
        found = pq.ParquetFile(stream, buffer_size=_BUFFER)
        missing(found.schema_arrow.names, columns or [], unit.file.path)  # Arrow leaves out what is not there
        yield from found.iter_batches(batch_size=rows, row_groups=[unit.group], columns=columns)


class Writer:
    def __init__(self, stream, schema):
        self._writer = pq.ParquetWriter(stream, schema)

    def write(self, batch):
        self._writer.write_batch(batch)

    def close(self):
        self._writer.close()
