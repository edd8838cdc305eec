"""What `emit/` writes, read by the programs that will read it: all payloads in one text, and the real tool asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from servespec.emit.quoted import Unwritable
from tests.injection.payloads import PAYLOADS
from trust.readers import documents, files, programs, tools
from trust.readers.reading import Reader
from trust.rows import Row, Scale

READERS: tuple[Reader, ...] = (*documents.READERS, *files.READERS, *programs.READERS, *tools.READERS)


def run(scale: Scale) -> Iterator[Row]:
    """A row for each reader; for a look those that need no engine, virtual machine or other environment."""
    for reader in READERS:
        if scale is Scale.FULL or not reader.heavy:
            yield asked(reader)


def asked(reader: Reader) -> Row:
    """What a reader gets back of the payloads that its language can carry."""
    began = time.monotonic()
    payloads = [payload for payload in PAYLOADS if _writable(reader.write, payload)]
    found = reader.read([reader.write(payload) for payload in payloads])
    wrong = [
        f"{reader.name}: {one!r} is read as {other!r}"
        for one, other in zip(payloads, found, strict=True)
        if one != other
    ]
    refused = len(PAYLOADS) - len(payloads)
    tried = f"{len(payloads)} texts" + (f", {refused} refused" if refused else "")
    return Row(f"{reader.name} reads what was meant", tried, len(wrong), 0, time.monotonic() - began, tuple(wrong))


def _writable(write: Callable[[str], str], payload: str) -> bool:
    try:
        write(payload).encode()
    except Unwritable:
        return False
    return True
