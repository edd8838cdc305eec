"""Zip archives, read in place: the names in one, and its members as blobs."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from servespec.inspection.blob import MAX_TAKE, Blob, from_bytes
from servespec.inspection.types import Malformed, TooMuch

MAX_MEMBER = 1 << 26
# All that the library raises about the bytes themselves: NotImplementedError of compressions and features that it
# lacks, RuntimeError of encryption.
_SPOILED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError)
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Archive:
    """One zip archive."""

    def __init__(self, blob: Blob) -> None:
        with _reading():
            self._zip = zipfile.ZipFile(_File(blob))
            self.names = tuple(item.filename for item in self._zip.infolist())

    def member(self, name: str) -> Blob:
        """The content of a member: unpacked, unless it is huge, whatever the archive says of its size."""
        if name not in self.names:
            raise Malformed(f"has no {name}")
        if self._zip.getinfo(name).compress_type not in _COMPRESSIONS:
            raise Malformed(f"holds {name} in a compression that model archives do not use")
        with _reading(), self._zip.open(name) as stream:
            data = stream.read(MAX_MEMBER + 1)
        if len(data) > MAX_MEMBER:
            raise TooMuch(f"holds {name} of more than {MAX_MEMBER >> 20} MiB")
        return from_bytes(name.rpartition("/")[2], data)


class _File(io.RawIOBase):
    """A blob as `zipfile` wants it."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._at = 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._blob.size)[whence]
        if self._at < 0:
            raise ValueError("a place before its start")
        return self._at

    def read(self, size: int = -1) -> bytes:
        rest = max(self._blob.size - self._at, 0)
        length = rest if size < 0 else min(size, rest)
        if length > MAX_TAKE:
            raise TooMuch("has too long a list of what is in it")
        data = self._blob.read(self._at, length)
        self._at += len(data)
        return data


@contextmanager
def _reading() -> Iterator[None]:
    try:
        yield
    except _SPOILED as failure:
        raise Malformed(f"is a damaged zip archive: {str(failure)[:100]}") from None
