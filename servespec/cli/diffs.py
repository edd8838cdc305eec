"""Unified diffs as people see them: in colour on a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TextIO

from servespec.diagnostics.color import Ink, ansi, wanted

_INKS = {"--- ": Ink.STRONG, "+++ ": Ink.STRONG, "@@ ": Ink.FRAME, "+": Ink.ADDED, "-": Ink.REMOVED}


def painted(lines: Iterable[str], stream: TextIO) -> str:
    """The lines of a diff as text for a stream."""
    colored = wanted(stream, os.environ)
    return "".join(f"{_painted(line) if colored else line}\n" for line in lines)


def _painted(line: str) -> str:
    ink = next((ink for start, ink in _INKS.items() if line.startswith(start)), None)
    return ansi(line, ink) if ink else line
