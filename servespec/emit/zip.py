"""Zip archives as a stream of bytes: stored, in the order given, with fixed times and modes.

Format: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3. Sizes and checksums stand before the data, since Java's
`ZipInputStream` takes no stored entry without them.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from zlib import crc32

from servespec.records import dataclass

_DATE = 0x0021  # 1980-01-01, the first day that a zip can name
_MODE = 0o100644 << 16
_UTF8 = 0x0800
_LIMIT = 0xFFFFFFFF
_VERSION, _VERSION_64 = 20, 45
_UNIX = 3 << 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its name in the archive, and its bytes, which are read twice."""

    name: str
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class _Written:
    name: bytes
    size: int
    checksum: int
    offset: int


def stored(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The bytes of an archive of the entries, a piece at a time."""
    written: list[_Written] = []
    offset = 0
    for entry in entries:
        size = checksum = 0
        for chunk in entry.chunks():
            size, checksum = size + len(chunk), crc32(chunk, checksum)
        item = _Written(entry.name.encode(), size, checksum, offset)
        header = _local(item)
        yield header
        yield from entry.chunks()
        written.append(item)
        offset += len(header) + size
    directory = b"".join(map(_central, written))
    yield directory
    yield _end(len(written), len(directory), offset)


def _local(item: _Written) -> bytes:
    large = item.size >= _LIMIT
    sizes = (_LIMIT, _LIMIT) if large else (item.size, item.size)
    extra = struct.pack("<HHQQ", 1, 16, item.size, item.size) if large else b""
    version = _VERSION_64 if large else _VERSION
    fields = (version, _UTF8, 0, 0, _DATE, item.checksum, *sizes, len(item.name), len(extra))
    return b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", *fields) + item.name + extra


def _central(item: _Written) -> bytes:
    large = item.size >= _LIMIT or item.offset >= _LIMIT
    extra = struct.pack("<HHQQQ", 1, 24, item.size, item.size, item.offset) if large else b""
    size, offset = (_LIMIT, _LIMIT) if large else (item.size, item.offset)
    version = _VERSION_64 if large else _VERSION
    fields = (_UNIX | version, version, _UTF8, 0, 0, _DATE, item.checksum, size, size)
    tail = (len(item.name), len(extra), 0, 0, 0, _MODE, offset)
    return b"PK\x01\x02" + struct.pack("<HHHHHHLLLHHHHHLL", *fields, *tail) + item.name + extra


def _end(count: int, length: int, offset: int) -> bytes:
    end = struct.pack(
        "<4sHHHHLLH", b"PK\x05\x06", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), length, min(offset, _LIMIT), 0
    )
    if offset < _LIMIT and count < 0xFFFF:
        return end
    record = struct.pack(
        "<4sQHHLLQQQQ", b"PK\x06\x06", 44, _UNIX | _VERSION_64, _VERSION_64, 0, 0, count, count, length, offset
    )
    return record + struct.pack("<4sLQL", b"PK\x06\x07", 0, offset + length, 1) + end
