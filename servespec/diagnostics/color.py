"""Whether to colour, and with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Protocol, TypeAlias


class Stream(Protocol):
    """Where text goes: all that matters here is whether a person looks at it."""

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        ...


def wanted(stream: Stream, environ: Mapping[str, str]) -> bool:
    """Whether text on the stream should be coloured. The first rule that speaks decides.

    1. `NO_COLOR`, not empty: no (https://no-color.org).
    2. `FORCE_COLOR`, not empty: yes (https://force-color.org), but `0` is no, as in Node.js, where the
       variable comes from; that site ignores the value, yet nobody types `FORCE_COLOR=0` to get colours.
    3. `TERM=dumb`: no, such a terminal would show the codes.
    4. Otherwise, whether it is a terminal.
    """
    if environ.get("NO_COLOR"):
        return False
    if force := environ.get("FORCE_COLOR"):
        return force != "0"
    return environ.get("TERM") != "dumb" and stream.isatty()


class Ink(StrEnum):
    """What a piece of a rendering is, by its SGR parameters (ECMA-48, 8.3.117)."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    FRAME = "1;34"
    STRONG = "1"
    ADDED = "32"
    REMOVED = "31"


Paint: TypeAlias = Callable[[str, Ink], str]


def ansi(text: str, ink: Ink) -> str:
    """The text in colour."""
    return f"\x1b[{ink}m{text}\x1b[0m" if text else ""


def plain(text: str, ink: Ink) -> str:
    """The text as it is."""
    return text
