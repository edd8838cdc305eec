"""The instructions of a pickle, one by one. Long values are passed over, never held."""

from __future__ import annotations

import io
import pickletools
from collections.abc import Iterator

from servespec.inspection.blob import Stream
from servespec.inspection.symbols import OPAQUE
from servespec.inspection.types import Malformed, TooMuch

MAX_OPCODES = 1_000_000
_MAX_VALUE = 1 << 16
_MAX_INTEGER = 16
_OPCODES = {ord(opcode.code): opcode for opcode in pickletools.opcodes}
_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}
"""How many bytes say how long an argument is."""
_PAIRS = ("GLOBAL", "INST")
"""Followed by a module and a name, a line each."""
_BYTES = frozenset(("BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8"))


def instructions(stream: Stream) -> Iterator[tuple[str, object]]:
    """The name and the argument of each instruction up to STOP."""
    for _ in range(MAX_OPCODES):
        code = stream.take(1)[0]
        opcode = _OPCODES.get(code)
        if opcode is None:
            raise Malformed(f"is no pickle: {code:#04x} is not an instruction")
        yield opcode.name, _argument(opcode, stream)
        if opcode.name == "STOP":
            return
    raise TooMuch(f"has more than {MAX_OPCODES} instructions")


def _argument(opcode: pickletools.OpcodeInfo, stream: Stream) -> object:
    if opcode.arg is None:
        return None
    if opcode.arg.n in _LENGTHS:
        return _counted(opcode.name, stream, _LENGTHS[opcode.arg.n])
    if opcode.name in _PAIRS:
        return tuple(stream.line().decode("utf-8", "replace") for _ in range(2))
    data = stream.take(opcode.arg.n) if opcode.arg.n >= 0 else stream.line() + b"\n"
    try:
        return opcode.arg.reader(io.BytesIO(data))
    except ValueError:
        raise Malformed(f"is damaged: the argument of {opcode.name} can't be read") from None


def _counted(name: str, stream: Stream, width: int) -> object:
    length = int.from_bytes(stream.take(width), "little")
    if name in _BYTES or length > (_MAX_INTEGER if name.startswith("LONG") else _MAX_VALUE):
        stream.skip(length)
        return OPAQUE
    data = stream.take(length)
    if name.startswith("LONG"):
        return int.from_bytes(data, "little", signed=True)
    return data.decode("utf-8" if "UNICODE" in name else "latin-1", "replace")
