"""What is to be read: units that can be shared out among parts of a run, and their rows in chunks."""

import importlib
import time

import pyarrow as pa

from scorer.failure import UNFIT_INPUT, Failure

_PAUSE = 5.0


class Unit:
    """A piece of a file that is read by one part of the run: a row group of Parquet, or a whole file."""

    def __init__(self, file, size, group=None):
        self.file, self.size, self.group = file, size, group


class Input:
    """The files of an interval, all of one format, whose columns are those that the model reads."""

    def __init__(self, spec, place):
        self.spec, self.place = spec, place
        self.format = importlib.import_module(f"scorer.{spec['format']}")
        self.files = place.files()
        if not self.files:
            raise place.none()

    def units(self):
        """All units, in the order of the files, after a look at the schema of each file."""
        found = []
        for file in self.files:
            try:
                found += self.format.units(self.place.system, file, self.spec["columns"])
            except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
                raise self.unreadable(file, error) from None
        return found

    def chunks(self, unit, columns, rows):
        """The rows of a unit, so many at a time: those columns, or all of them."""
        try:
            yield from self.format.chunks(self.place.system, unit, columns, rows)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self.unreadable(unit.file, error) from None

    def unreadable(self, file, error):
        return Failure(UNFIT_INPUT, f"{file.path} can't be read as {self.spec['format']}: {str(error)[:300]}")


def wait(spec, place, *, seconds, tell):
    """The input, once it is there; Failure when so many seconds have passed and it is not."""
    end = time.monotonic() + seconds
    while not place.files() and time.monotonic() < end:
        tell(f"waiting for {place.uri}")
        time.sleep(min(_PAUSE, max(0.0, end - time.monotonic())))
    return Input(spec, place)


def rechunked(batches, rows):
    """The same rows, so many at a time."""
    held, count = [], 0
    for batch in batches:
        while len(batch):
            part = batch[: rows - count]
            held.append(part)
            count += len(part)
            batch = batch[len(part) :]
            if count == rows:
                yield _joined(held)
                held, count = [], 0
    if held:
        yield _joined(held)


def _joined(batches):
    return pa.Table.from_batches(batches).combine_chunks().to_batches()[0]


def share(units, part, parts):
    """The units of one of several parts: neighbours, so that rows keep their order, and about as many rows each."""
    total, before, mine = sum(unit.size for unit in units) or 1, 0, []
    for unit in units:
        if min(parts - 1, before * parts // total) == part:
            mine.append(unit)
        before += unit.size
    return mine
