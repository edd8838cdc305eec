"""What a text made from a template must look like, whatever the values in its slots are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.emit.quoted import Quoted, Unwritable
from servespec.records import dataclass

HOLE = "\ue000"
"""Stands in `Quoted.neutral` for one plain value: a private-use character, ordinary text to every language."""

END = "\ue001"
"""Closes the number that a hole is given when its text is rendered."""

_NUMBERED = re.compile(f"{HOLE}([0-9]+){END}")


@dataclass(frozen=True, slots=True)
class Passage(Quoted):
    """A value that takes several lines, with the origins of each."""

    lines: tuple[tuple[Origin, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The text with a numbered hole for each value, and the values that a reader must find in the holes."""

    neutral: str
    values: tuple[str, ...]


def pieces(quoted: Quoted) -> list[str]:
    """The plain values of one slot, one for each of its holes; an argv is joined by NUL, which no argument holds."""
    return quoted.plain.split("\0") if quoted.neutral.count(HOLE) > 1 else [quoted.plain]


def numbered(neutral: str, *, start: int) -> str:
    """A slot's piece of a shape, its holes numbered from `start`."""
    first, *rest = neutral.split(HOLE)
    return first + "".join(f"{HOLE}{number}{END}{text}" for number, text in enumerate(rest, start))


def holes(text: str) -> Iterator[int]:
    """The numbers of the holes in a piece of a shape."""
    return (int(match[1]) for match in _NUMBERED.finditer(text))


def renumbered(text: str, *, by: int) -> str:
    """A piece of a shape that stands behind others with so many holes."""
    return _NUMBERED.sub(lambda match: f"{HOLE}{int(match[1]) + by}{END}", text)


def fill(text: str, values: tuple[str, ...]) -> str:
    """A piece of a shape with the values in its holes; IndexError for a hole that has none."""
    return _NUMBERED.sub(lambda match: values[int(match[1])], text) if HOLE in text else text


def encodable(value: str) -> str:
    """The value itself; Unwritable when no UTF-8 text can hold it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Unwritable("half of a surrogate pair is no character") from None
    return value
