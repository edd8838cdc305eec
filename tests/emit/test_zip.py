"""What `emit.zip` writes, read back by the standard library's reader, and by its limits of 32 bits."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator

import pytest

from servespec.emit import zip

FILES = {"model/a.pt": b"x" * 1000, "handler.py": b"", "é.txt": b"1"}


def _entry(name: str, *chunks: bytes) -> zip.Entry:
    def read() -> Iterator[bytes]:
        yield from chunks

    return zip.Entry(name, read)


def _archive() -> bytes:
    return b"".join(zip.stored([_entry(name, data[:400], data[400:]) for name, data in FILES.items()]))


def test_a_reader_gets_the_files_back() -> None:
    """Names, bytes, checksums, the order, one time and one mode for all, and nothing compressed."""
    archive = zipfile.ZipFile(io.BytesIO(_archive()))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == FILES
    for item in archive.infolist():
        assert (item.date_time, item.compress_type) == ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED)
        assert (item.external_attr >> 16, item.create_system, item.extra) == (0o100644, 3, b"")
        assert (item.extract_version, item.create_version, item.flag_bits, item.volume) == (20, 20, 0x800, 0)
        assert (item.internal_attr, item.comment) == (0, b"")


def test_sizes_stand_before_the_data() -> None:
    """Java reads an archive from its beginning, and takes no stored file of which it does not know the size there."""
    data = _archive()
    offset = 0
    for name, content in FILES.items():
        fields = struct.unpack_from("<4sHHHHHLLLHH", data, offset)
        assert fields[:6] == (b"PK\x03\x04", 20, 0x800, 0, 0, 0x21)
        assert fields[7:] == (len(content), len(content), len(name.encode()), 0)
        offset += struct.calcsize("<4sHHHHHLLLHH") + len(name.encode()) + len(content)
    assert data[offset:].startswith(b"PK\x01\x02")


@pytest.mark.parametrize("limit", [999, 1000, 1001, 1040, 1041, 1042])
def test_large_archives_have_larger_fields(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond 4 GiB, here beyond much less, the same reader still finds all, by the fields of zip64."""
    monkeypatch.setattr(zip, "_LIMIT", limit)
    data = _archive()
    first = struct.unpack_from("<4sHHHHHLLLHH", data)
    large = limit <= 1000
    assert (first[1], first[-1]) == ((45, 20) if large else (20, 0))
    if large:
        assert struct.unpack_from("<HHQQ", data, 30 + len("model/a.pt")) == (1, 16, 1000, 1000)
    second = 30 + len("model/a.pt") + 20 * large + 1000
    assert struct.unpack_from("<4sH", data, second) == (b"PK\x03\x04", 20)
    _check_directory(data, limit=limit)


def _check_directory(data: bytes, *, limit: int) -> None:
    at = data.index(b"PK\x01\x02")
    start, end = at, data.rindex(b"PK\x05\x06")
    for name, content in FILES.items():
        head = struct.unpack_from("<4sHHHHHHLLLHHHHHLL", data, at)
        size, offset, extra = head[9], head[16], head[11]
        written = name.encode()
        if extra:
            kind, length, size, packed, offset = struct.unpack_from("<HHQQQ", data, at + 46 + len(written))
            assert (kind, length, packed, head[8:10], head[16]) == (1, 24, size, (limit, limit), limit)
        assert (head[1], head[2]) == ((3 << 8 | 45, 45) if extra else (3 << 8 | 20, 20))
        assert bool(extra) == (size >= limit or offset >= limit)
        assert size == len(content)
        assert data[offset : offset + 4] == b"PK\x03\x04"
        assert data[offset + 30 : offset + 30 + len(written)] == written
        at += 46 + len(written) + extra
    _check_end(data, start=start, length=at - start, end=end, large=start >= limit)


def _check_end(data: bytes, *, start: int, length: int, end: int, large: bool) -> None:
    last = struct.unpack_from("<4sHHHHLLH", data, end)
    assert last[1:6] == (0, 0, 3, 3, length)
    assert end + 22 == len(data)
    assert (start + length == end) is not large
    if not large:
        assert last[6] == start
        return
    record = struct.unpack_from("<4sQHHLLQQQQ", data, start + length)
    assert record == (b"PK\x06\x06", 44, 3 << 8 | 45, 45, 0, 0, 3, 3, length, start)
    assert struct.unpack_from("<4sLQL", data, end - 20) == (b"PK\x06\x07", 0, start + length, 1)


@pytest.mark.parametrize("count", [0xFFFE, 0xFFFF, 0x10000])
def test_an_archive_of_many_files(count: int) -> None:
    """From 65,535 files on their number stands in the fields of zip64."""
    end = zip._end(count, 5, 7)
    assert end.startswith(b"PK\x05\x06" if count < 0xFFFF else b"PK\x06\x06")
    assert struct.unpack_from("<HH", end, len(end) - 14) == (min(count, 0xFFFF),) * 2
