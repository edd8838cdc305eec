"""The files of results: what a part writes, with their rows and digests."""

import hashlib

import pyarrow as pa

from scorer.failure import STORAGE, UNFIT_INPUT, Failure


class Digesting:
    """A stream to write to, that knows the SHA-256 of all that went through it."""

    def __init__(self, stream):
        self._stream, self._digest = stream, hashlib.sha256()
        self.size = 0

    @property
    def digest(self):
        return self._digest.hexdigest()

    @property
    def closed(self):
        return self._stream.closed

    def write(self, data):
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self):
        self._stream.flush()

    def close(self):
        self._stream.close()


class Part:
    """One file of results, made when the first rows come: only they say what its columns are."""

    def __init__(self, staging, name, format):
        self._staging, self._name, self._format = staging, name, format
        self._writer = self._stream = self._schema = None
        self.rows = 0

    def write(self, batch):
        if self._writer is None:
            self._schema = pa.schema([_certain(field) for field in batch.schema])
            self._stream = Digesting(self._staging.open(self._name))
            try:
                self._writer = self._format.Writer(self._stream, self._schema)
            except pa.ArrowException as error:  # CSV has no lists
                raise Failure(UNFIT_INPUT, f"{self._name} can't have such a column: {error}") from None
        try:
            fitting = batch if batch.schema == self._schema else batch.cast(self._schema)
        except (pa.ArrowException, ValueError) as error:
            raise Failure(UNFIT_INPUT, f"a column changes its type between chunks of the input: {error}") from None
        try:
            self._writer.write(fitting)
        except (pa.ArrowException, OSError) as error:
            raise Failure(STORAGE, f"{self._name} can't be written: {error}") from None
        self.rows += len(batch)

    def close(self):
        """What the manifest says of the file; None when there were no rows."""
        if self._writer is None:
            return None
        self._writer.close()
        self._stream.close()
        stream = self._stream
        name = self._staging.seal(self._name, stream.digest)
        return {"name": name, "rows": self.rows, "bytes": stream.size, "sha256": stream.digest}


def _certain(field):
    """The field as later chunks can fill it: a column of nothing but nulls could be any."""
    return pa.field(field.name, pa.string()) if pa.types.is_null(field.type) else pa.field(field.name, field.type)
