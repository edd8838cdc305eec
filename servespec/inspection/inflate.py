"""Compressed bytes as a stream: what joblib writes with `compress`, by the first bytes of the file."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Iterator

from servespec.inspection.blob import CHUNK, Blob, Stream
from servespec.inspection.types import Malformed, TooMuch

MAX_INFLATED = 1 << 28
_MAX_MEMORY = 1 << 27
_ZLIB_OR_GZIP = 32 + zlib.MAX_WBITS
_SPOILED = "is spoiled: it can't be unpacked"


def inflated(blob: Blob, name: str) -> Stream:
    """The content of a compressed file."""
    return Stream(_limited(_zlib(blob) if name in ("zlib", "gzip") else _other(blob, name)))


def _limited(chunks: Iterator[bytes]) -> Iterator[bytes]:
    left = MAX_INFLATED
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise TooMuch(f"unpacks to more than {MAX_INFLATED >> 20} MiB")
        yield chunk


def _zlib(blob: Blob) -> Iterator[bytes]:
    reader, pending, at = zlib.decompressobj(_ZLIB_OR_GZIP), b"", 0
    while not reader.eof:
        data = pending or blob.read(at, CHUNK)
        at += 0 if pending else len(data)
        try:
            chunk, pending = reader.decompress(data, CHUNK), reader.unconsumed_tail
        except zlib.error:
            raise Malformed(_SPOILED) from None
        if not data and not chunk:
            return
        yield chunk


def _other(blob: Blob, name: str) -> Iterator[bytes]:
    reader = bz2.BZ2Decompressor() if name == "bz2" else lzma.LZMADecompressor(memlimit=_MAX_MEMORY)
    at = 0
    while not reader.eof:
        data = blob.read(at, CHUNK) if reader.needs_input else b""
        if reader.needs_input and not data:
            return
        at += len(data)
        try:
            chunk = reader.decompress(data, CHUNK)
        except (OSError, lzma.LZMAError):  # what bz2 calls spoiled data is an OSError
            raise Malformed(_SPOILED) from None
        yield chunk
