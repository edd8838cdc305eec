"""The first difference between what was to be written and what a reader found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count

from servespec.artifacts import Content
from servespec.emit.shape import HOLE, Shape, fill, holes
from servespec.emit.textproto import EnumName
from servespec.records import dataclass


class Unreadable(ValueError):
    """A text that a reader of its language stumbles over, or may take for two things."""


_KINDS = (EnumName, str, bool, int, float, list, dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected and what came back, at a dotted place in the structure."""

    at: str
    expected: str
    found: str


def shape_of(content: Content) -> Shape:
    """The shape that a text of a template carries; Unreadable for a text that was made without one."""
    if not isinstance(content.expected, Shape):
        raise Unreadable(f"no shape to compare with, but {type(content.expected).__name__}")
    return content.expected


def data_difference(expected: object, found: object) -> Difference | None:
    """As `difference`, of plain data, which is mostly what it should be: that is told from how both are printed."""
    return None if repr(expected) == repr(found) else difference(expected, found)


def difference(expected: object, found: object) -> Difference | None:
    """The first place where types, order or values differ; None when there is none."""
    kind = _kind(expected)
    if kind is not _kind(found):
        return Difference("", repr(expected), repr(found))
    if kind is dict and isinstance(expected, Mapping) and isinstance(found, Mapping):
        keys = difference(tuple(expected), tuple(found))
        return keys or _first(zip(expected, expected.values(), found.values(), strict=True))
    if kind is list and isinstance(expected, list | tuple) and isinstance(found, list | tuple):
        return _first(zip(count(), expected, found)) or _length(expected, found)
    return None if expected == found else Difference("", repr(expected), repr(found))


def shape_difference(neutral: object, found: object, shape: Shape) -> Difference | None:
    """The first place where what was read is not the neutral structure with the values in its holes."""
    used: set[int] = set()
    try:
        filled = _filled(neutral, shape, used)
    except IndexError:
        return Difference("", "a value for each hole", "a hole without one: was a `Quoted` made by hand?")
    missing = [repr(value) for number, value in enumerate(shape.values) if number not in used]
    if missing:
        return Difference("", f"a place for {missing[0]}", "none that a reader sees: is its slot in a comment?")
    return None if filled == found else difference(filled, found)  # of texts `==` says enough, and it is quick


def _filled(neutral: object, shape: Shape, used: set[int]) -> object:
    if isinstance(neutral, tuple):
        return tuple([_filled(item, shape, used) for item in neutral]) if _has_hole(neutral) else neutral
    if isinstance(neutral, str) and HOLE in neutral:
        used.update(holes(neutral))
        return fill(neutral, shape.values)
    return neutral


@lru_cache(maxsize=4096)
def _has_hole(neutral: tuple[object, ...]) -> bool:
    """Whether there is one anywhere in a structure; templates come again with each spec."""
    return any(_has_hole(item) if isinstance(item, tuple) else HOLE in str(item) for item in neutral)


def _kind(value: object) -> type:
    # `True == 1 == 1.0` in Python, and in no language that we write.
    kind = type(value)
    if kind is tuple:
        return list
    return kind if kind in _KINDS else next((base for base in _KINDS if isinstance(value, base)), kind)


def _first(entries: Iterable[tuple[object, object, object]]) -> Difference | None:
    for name, expected, found in entries:
        if there := difference(expected, found):
            return Difference(f"{name}.{there.at}".rstrip("."), there.expected, there.found)
    return None


def _length(expected: Sequence[object], found: Sequence[object]) -> Difference | None:
    if len(expected) == len(found):
        return None
    end = min(len(expected), len(found))
    return Difference(f"{end}", _at(expected, end), _at(found, end))


def _at(values: Sequence[object], index: int) -> str:
    return repr(values[index]) if index < len(values) else "the end"
