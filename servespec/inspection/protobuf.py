"""Reads the wire format of protocol buffers without a schema, in place: what is skipped is not read.

https://protobuf.dev/programming-guides/encoding/: a field is a number with a wire type, then a varint, eight or four
bytes, or a length with as many bytes. Fields of another type than the wanted one count as unknown, as they do for all
readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from servespec.inspection.blob import CHUNK, Blob
from servespec.inspection.types import Malformed, TooMuch
from servespec.records import dataclass

MAX_FIELDS = 3_000_000
MAX_TEXT = 1 << 16


class _Window:
    """The piece of a blob that was read last, and how many fields may still be read."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._start = 0
        self._data = b""
        self.left = MAX_FIELDS

    def read(self, start: int, length: int) -> bytes:
        """The bytes from `start`, fewer at the end."""
        at = start - self._start
        if at < 0 or at + length > len(self._data):
            self._start, at = start, 0
            self._data = self._blob.read(start, max(CHUNK, length))
        return self._data[at : at + length]


@dataclass(frozen=True)
class Message:
    """A range of bytes that holds fields, or text."""

    start: int
    end: int
    window: _Window

    def fields(self) -> Iterator[tuple[int, Field]]:
        """The number and the value of each field."""
        at = self.start
        while at < self.end:
            self.window.left -= 1
            if self.window.left < 0:
                raise TooMuch(f"has more than {MAX_FIELDS} fields")
            tag, at = self._varint(at)
            number, wire = tag >> 3, tag & 7
            value, at = self._value(wire, at)
            if number == 0 or at > self.end:
                raise Malformed("is damaged, or not of this format")
            yield number, value

    def each(self, number: int) -> Iterator[Message]:
        """Every message or text in the fields of that number."""
        return (value for found, value in self.fields() if found == number and isinstance(value, Message))

    def one(self, number: int) -> Message | None:
        """The last message of that number, as protocol buffers have it."""
        return next(iter([*self.each(number)][-1:]), None)

    def number(self, number: int) -> int:
        """The last signed integer of that number; 0 when there is none."""
        found = [value for at, value in self.fields() if at == number and isinstance(value, int)]
        return (found[-1] ^ 1 << 63) - (1 << 63) if found else 0

    def text(self, number: int) -> str:
        """The last text of that number, empty when there is none."""
        found = self.one(number)
        return found.as_text() if found else ""

    def as_text(self) -> str:
        """The bytes as text."""
        length = self.end - self.start
        if length > MAX_TEXT:
            raise TooMuch("holds a text too long to look at")
        return self.window.read(self.start, length).decode("utf-8", "replace")

    def _value(self, wire: int, at: int) -> tuple[Field, int]:
        match wire:
            case 0:
                return self._varint(at)
            case 1 | 5:
                size = 8 if wire == 1 else 4
                return int.from_bytes(self.window.read(at, size), "little"), at + size
            case 2:
                length, at = self._varint(at)
                return Message(at, at + length, self.window), at + length
        raise Malformed("is damaged, or not of this format")

    def _varint(self, at: int) -> tuple[int, int]:
        data = self.window.read(at, 10)
        if data and data[0] < 128:  # nearly all of them
            return data[0], at + 1
        value = 0
        for shift, byte in enumerate(data):
            value |= (byte & 127) << 7 * shift
            if byte < 128:
                return value & ((1 << 64) - 1), at + shift + 1
        raise Malformed("is damaged, or not of this format")


Field: TypeAlias = "int | Message"


def message(blob: Blob) -> Message:
    """A whole file as one message."""
    return Message(0, blob.size, _Window(blob))
