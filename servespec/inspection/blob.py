"""Bytes that are read in small pieces, wherever they are: what all readers of model files read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from servespec.inspection.types import Malformed, TooMuch
from servespec.records import dataclass

MAX_TAKE = 1 << 24
"""The most bytes that are ever held at once for one value."""
MAX_LINE = 1 << 20
CHUNK = 1 << 16


@dataclass(frozen=True)
class Blob:
    """One file, or a part of one."""

    name: str
    size: int
    read: Callable[[int, int], bytes]
    """The bytes from an offset, fewer at the end."""

    def whole(self, limit: int = MAX_TAKE) -> bytes:
        """All of it, when that is not much."""
        if self.size > limit:
            raise TooMuch(f"is larger than {limit >> 20} MiB")
        return self.read(0, self.size)

    @property
    def suffix(self) -> str:
        """What follows the last dot of its name, in small letters, with the dot."""
        return "." + self.name.lower().rpartition(".")[2]


@dataclass(frozen=True)
class Folder:
    """A folder: relative paths of what is in it, sorted, those of folders with `/` at the end."""

    name: str
    names: tuple[str, ...]
    open: Callable[[str], Blob]


def from_bytes(name: str, data: bytes) -> Blob:
    """A blob of bytes in memory."""
    return Blob(name, len(data), lambda start, length: data[start : start + length])


def from_mapping(name: str, files: dict[str, bytes]) -> Folder:
    """A folder of files in memory."""
    parts = (path.split("/") for path in files)
    above = {"/".join(part[:end]) + "/" for part in parts for end in range(1, len(part))}
    return Folder(name, tuple(sorted({*files, *above})), lambda path: from_bytes(path, files[path]))


class Stream:
    """Chunks, read from the first byte to the last."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._buffer = b""
        self._at = 0

    def take(self, length: int) -> bytes:
        """The next bytes, exactly as many."""
        if length > MAX_TAKE:
            raise TooMuch("holds a value too large to look at")
        while len(self._buffer) - self._at < length:
            self._fill()
        self._at += length
        return self._buffer[self._at - length : self._at]

    def line(self) -> bytes:
        """The bytes up to the next newline, which is read and left off."""
        while (end := self._buffer.find(b"\n", self._at)) < 0:
            if len(self._buffer) - self._at > MAX_LINE:
                raise TooMuch("holds a line too long to look at")
            self._fill()
        line, self._at = self._buffer[self._at : end], end + 1
        return line

    def skip(self, length: int) -> None:
        """Go on behind the next bytes."""
        while length > 0:
            step = min(length, CHUNK)
            self.take(step)
            length -= step

    def _fill(self) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise Malformed("ends too early")
        self._buffer, self._at = self._buffer[self._at :] + chunk, 0


class Cursor(Stream):
    """A blob, read on from an offset; what is skipped is not read."""

    def __init__(self, blob: Blob, start: int = 0) -> None:
        super().__init__(self._pieces())
        self._blob = blob
        self._next = start

    def skip(self, length: int) -> None:
        """Go on behind the next bytes."""
        ahead = len(self._buffer) - self._at
        if length <= ahead:
            self._at += length
            return
        self._next += length - ahead
        self._buffer, self._at = b"", 0
        if self._next > self._blob.size:
            raise Malformed("ends too early")

    def _pieces(self) -> Iterator[bytes]:
        while chunk := self._blob.read(self._next, CHUNK):
            self._next += len(chunk)
            yield chunk
