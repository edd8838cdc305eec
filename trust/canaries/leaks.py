"""Where a canary is found, as it is or in one of the ways in which texts are packed."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Found:
    """What was tried, in words, and each leak in a line."""

    tried: str
    leaks: tuple[str, ...]


def forms(canary: str) -> frozenset[bytes]:
    """The canary as it may stand in a file: its beginning, quoted for addresses and JSON, and in base 64 or digits."""
    data = canary.encode()
    packed = {base64.b64encode(data[start : len(data) - (len(data) - start) % 3]) for start in range(3)}
    plain = {data, data[:16], data[-16:], quote(canary, safe="").encode(), json.dumps(canary)[1:-1].encode()}
    return frozenset(plain | packed | {data.hex().encode()})


def shows(data: bytes, canary: str) -> bool:
    """Whether some bytes hold it, compressed ones included."""
    readable = [data, *_unpacked(data)]
    return any(form in text for text in readable for form in forms(canary))


def holding(folder: Path, canary: str) -> Iterator[str]:
    """The files below a folder that hold it, in their names too."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if shows(name.encode(), canary) or (path.is_file() and shows(path.read_bytes(), canary)):
            yield name


def _unpacked(data: bytes) -> Iterator[bytes]:
    for marker in (b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b"):
        at = data.find(marker)
        if at >= 0:
            try:
                yield zlib.decompressobj(wbits=47).decompress(data[at:])
            except zlib.error:
                continue  # only looks as if it were packed
