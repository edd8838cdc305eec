"""UBJSON as XGBoost writes it: values by their type letters, https://ubjson.org/type-reference/.

Arrays of numbers are passed over where they have a type and a count, which makes a model of any size quick to read.
"""

from __future__ import annotations

import struct

from servespec.inspection.blob import Cursor
from servespec.inspection.types import Malformed, TooMuch

_MAX_DEPTH = 50
_MAX_VALUES = 3_000_000
_MAX_TEXT = 1 << 16
_NUMBERS = {"i": ">b", "U": ">B", "I": ">h", "l": ">i", "L": ">q", "d": ">f", "D": ">d"}
_CONSTANTS = {"Z": None, "T": True, "F": False}
_OPEN = {"{": "}", "[": "]"}


def read(cursor: Cursor) -> object:
    """The value of a UBJSON text; None in place of arrays of numbers."""
    return _Reader(cursor).value()


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._left = _MAX_VALUES
        self._depth = 0

    def value(self, kind: str = "") -> object:
        """The next value, of a kind that is known or comes first."""
        self._left -= 1
        if self._left < 0:
            raise TooMuch(f"has more than {_MAX_VALUES} values")
        kind = kind or self._letter()
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind in _NUMBERS:
            number: object = struct.unpack(_NUMBERS[kind], self._cursor.take(struct.calcsize(_NUMBERS[kind])))[0]
            return number
        if kind in ("S", "C"):
            return self._text() if kind == "S" else self._cursor.take(1).decode("latin-1")
        if kind not in _OPEN:
            raise Malformed("is damaged, or no UBJSON")
        return self._container(kind)

    def _container(self, kind: str) -> object:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise Malformed("is nested too deep")
        element, count, first = self._header()
        if kind == "[" and element in _NUMBERS and count is not None:
            self._cursor.skip(count * struct.calcsize(_NUMBERS[element]))
            found: object = None
        else:
            found = self._items(kind, element, count, first=first)
        self._depth -= 1
        return found

    def _header(self) -> tuple[str, int | None, str]:
        """The type and the count of all elements, where they are given; and the letter that was read after them."""
        element, letter = "", self._letter()
        if letter == "$":
            element, letter = self._letter(), self._letter()
            if letter != "#":
                raise Malformed("is damaged, or no UBJSON")
        return (element, self._count(), "") if letter == "#" else ("", None, letter)

    def _items(self, kind: str, element: str, count: int | None, *, first: str) -> object:
        names: dict[str, object] = {}
        values: list[object] = []
        letter = first
        while count is None or len(values) < count:
            letter = letter or (self._letter() if count is None or (kind == "[" and not element) else "")
            if count is None and letter == _OPEN[kind]:
                break
            if kind == "{":
                name = self._text(letter)
                values.append(self.value(element))
                names[name] = values[-1]
            else:
                values.append(self.value(element or letter))
            letter = ""
        return names if kind == "{" else values

    def _letter(self) -> str:
        letter = "N"
        while letter == "N":  # no operation
            letter = self._cursor.take(1).decode("latin-1")
        return letter

    def _count(self, letter: str = "") -> int:
        letter = letter or self._letter()
        count = self.value(letter) if letter in _NUMBERS else None
        if not isinstance(count, int) or count < 0:
            raise Malformed("is damaged, or no UBJSON")
        return count

    def _text(self, letter: str = "") -> str:
        length = self._count(letter)
        if length > _MAX_TEXT:
            self._cursor.skip(length)
            return ""
        return self._cursor.take(length).decode("utf-8", "replace")
