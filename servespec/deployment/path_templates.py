"""Paths with our placeholders: `data/{interval.start:%Y-%m-%d}/`. No other text in braces is one, and none is a brace.

What is in a placeholder is the start or the end of a run's interval, in the time zone of its schedule, in the words of
`strftime` that mean the same to Python and to `date` of POSIX. Each place of use renders the pieces in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, TypeAlias

from servespec.records import dataclass

Edge: TypeAlias = Literal["start", "end"]

DIRECTIVES = "YmdHMSjGVuz%"
"""What may follow a `%`: year, month, day, hour, minute, second, day of the year, ISO year, week and day, offset."""
_HOLE = re.compile(r"\{+[^{}]*\}*|\}+")
_MOMENT = re.compile(
    rf"\{{interval\.(?P<edge>start|end):(?P<format>(?:[^%{{}}\x00-\x1f]|%[{DIRECTIVES}])+)\}}", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Moment:
    """An edge of the interval, and how it is written."""

    edge: Edge
    format: str
    """Of `strftime`, with no more directives than `DIRECTIVES`."""


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path or an address: text, and moments in it."""

    pieces: tuple[str | Moment, ...]

    @classmethod
    def parse(cls, text: str) -> PathTemplate | None:
        """The template that `text` says, or None when something in braces is not a placeholder."""
        return None if strange(text) else cls(tuple(_pieces(text)))

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The placeholders."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Moment))

    def __str__(self) -> str:
        return "".join(p if isinstance(p, str) else f"{{interval.{p.edge}:{p.format}}}" for p in self.pieces)


def strange(text: str) -> tuple[tuple[int, int], ...]:
    """Where in `text` braces are that hold none of our placeholders: characters `[start, end)`."""
    return tuple(match.span() for match in _HOLE.finditer(text) if not _MOMENT.fullmatch(match[0]))


def _pieces(text: str) -> Iterator[str | Moment]:
    end = 0
    for match in _MOMENT.finditer(text):
        if text[end : match.start()]:
            yield text[end : match.start()]
        yield Moment("start" if match["edge"] == "start" else "end", match["format"])
        end = match.end()
    if text[end:]:
        yield text[end:]
