"""Where things are: routes into the structure, spans in the text, and the document that joins them.

A `Route` says *which* value (`("scaling", "replicas")`), a `Span` *where in a file* it stands. Only a
`Document` knows both; everything after `source` speaks in routes, and the place is looked up at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate, count
from operator import add
from typing import TypeAlias

from servespec.records import dataclass

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | list["Value"] | dict[str, "Value"]
Route: TypeAlias = tuple[str | int, ...]

_AHEAD = 10_000
"""Characters of a text in which lines are looked for at a time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters `[start, end)` of the file `path`, counted from 0."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one value stands: the span of its key (none in a list or at the root) and of the value."""

    key: Span | None
    value: Span
    plain: bool = False
    """A scalar written without quotes, so that other YAML readers may take it for something else."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place as a person reads it: line and column from 1, columns in characters; byte offset from 0."""

    line: int
    column: int
    byte: int


@dataclass(frozen=True)
class Text:
    """One file that was read: its display path and its content, with LF line ends."""

    path: str
    content: str

    @cached_property
    def _starts(self) -> list[int]:
        """Where lines start, as far as anybody has asked: what is told of a long text is mostly near its beginning."""
        return [0]

    @cached_property
    def _ascii(self) -> bool:
        return self.content.isascii()

    def position(self, offset: int) -> Position:
        """The position of the character at `offset`; beyond the end, that of the end."""
        offset = min(offset, len(self.content))
        line = bisect_right(self._starts_past(offset), offset)
        start = self._starts[line - 1]
        byte = offset if self._ascii else len(self.content[:offset].encode("utf-8", "surrogatepass"))
        return Position(line, offset - start + 1, byte)

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line end."""
        starts = self._starts if number < len(self._starts) else self._starts_past(len(self.content))
        return self.content[starts[number - 1] : starts[number] - 1]

    def _starts_past(self, offset: int) -> list[int]:
        """The starts of all lines up to one behind `offset`: that after the last line is where it would start."""
        starts = self._starts
        first = starts[-1]
        if first <= offset:
            end = self.content.find("\n", offset + _AHEAD)
            lines = self.content[first : end if end >= 0 else None].split("\n")
            starts.extend(map(add, accumulate(map(len, lines)), count(first + 1)))
        return starts


@dataclass(frozen=True)
class Document:
    """Plain values of a spec, and for every route the place where it was written.

    A document may be made of several files (a base and its overlay): each span names its own.
    """

    path: str
    value: Value
    where: Mapping[Route, Place]
    texts: Mapping[str, Text]
    ambiguous: tuple[Route, ...] = field(default=())
    """Routes of plain scalars that are text here and something else to a YAML 1.1 reader (`no`, `12:30`)."""
    beneath: Mapping[Route, tuple[Place, ...]] = field(default_factory=dict)
    """The places of what a value overrides, the nearest first, where it does."""
    layers: Mapping[Route, str] = field(default_factory=dict)
    """Who set each value, where there are several who could."""
    deleted: Mapping[Route, Place] = field(default_factory=dict)
    """The places of each `null` that took a value away."""

    def place(self, route: Route) -> Place:
        """The place of `route`, or of its nearest written ancestor (a missing field points at its block)."""
        for end in range(len(route), -1, -1):
            if (place := self.where.get(route[:end])) is not None:
                return place
        start = Span(self.path, 0, 0)
        return Place(None, start)

    def written(self, route: Route) -> bool:
        """Whether the text itself says something at `route`."""
        return route in self.where

    def overridden(self, route: Route) -> tuple[Place, ...]:
        """The places of what the value at `route`, or one that holds it, overrides; the nearest first."""
        at = (self.beneath.get(route[:end]) for end in range(len(route), -1, -1))
        return next((places for places in at if places), ())

    def slice(self, span: Span) -> str:
        """The source text of `span`."""
        return self.texts[span.path].content[span.start : span.end]


def value_at(value: Value, route: Route) -> Value:
    """What stands at a route; None where nothing does."""
    for step in route:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            value = value.get(str(step)) if isinstance(value, dict) else None
    return value


def walk(value: Value, route: Route = ()) -> Iterator[tuple[Route, Value]]:
    """Every value below and including `value` with its route, parents before children."""
    left = [(route, value)]
    while left:
        route, value = left.pop()
        yield route, value
        if isinstance(value, dict):
            left += [((*route, key), child) for key, child in reversed(value.items())]
        elif isinstance(value, list):
            left += [((*route, index), value[index]) for index in range(len(value) - 1, -1, -1)]


def dotted(route: Sequence[str | int]) -> str:
    """The route as people write it: `examples[0].expect.status`; `serving.yaml` itself is ``."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
