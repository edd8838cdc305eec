"""A line of source with markers under the pieces that labels mean, cut to the width of the terminal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from servespec.diagnostics.locate import Extent
from servespec.diagnostics.visible import cells, escaped, glyph
from servespec.records import dataclass
from servespec.spans import Text

_CUT = "..."
_TAB = " " * 4
_FAR = 2_000
"""Characters of a long line that are looked at together: more than a terminal is wide."""
_NARROWEST = 20
"""Cells of source that are shown however narrow the terminal is."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A label on its way to the terminal."""

    extent: Extent
    message: str
    primary: bool

    @property
    def line(self) -> int:
        """The line that is shown for it: where its extent starts."""
        return self.extent.start.line


@dataclass(frozen=True, slots=True)
class Pointer:
    """What stands under a source line: `indent` cells of nothing, the marker, the label's words."""

    indent: int
    marker: str
    words: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One source line as it is shown, with the pointers below it."""

    number: int
    source: str
    pointers: tuple[Pointer, ...]


def rows(marks: Sequence[Mark], room: int) -> list[Row]:
    """The rows for marks on one line: a single one when the line fits, else a window for each mark."""
    room = max(room, _NARROWEST)
    line = _around(marks[0])
    if line.is_whole and line.width <= room:
        whole = (0, len(line.glyphs))
        return [Row(marks[0].line, "".join(line.glyphs), tuple(_pointer(mark, line, whole) for mark in marks))]
    return [_windowed(mark, _around(mark), room) for mark in marks]


@dataclass(frozen=True, slots=True)
class _Line:
    glyphs: tuple[str, ...]
    edges: tuple[int, ...]
    """The cell where each character starts, and at last the cell after the line."""
    first: int
    """How many characters of a very long line are before these."""
    ends: bool
    """Whether nothing is behind them."""

    @property
    def is_whole(self) -> bool:
        return self.ends and not self.first

    @property
    def width(self) -> int:
        return self.edges[-1]


def _around(mark: Mark) -> _Line:
    """The line of a mark, or of a very long one what is around its start."""
    return _line(mark.extent.text, mark.line, (mark.extent.start.column - 1) // _FAR)


@lru_cache(maxsize=8)  # a spec of one long line (JSON) is measured once, not once for every finding
def _line(text: Text, number: int, block: int) -> _Line:
    whole = text.line(number)
    first, last = max(block - 1, 0) * _FAR, (block + 2) * _FAR
    glyphs = tuple(_TAB if character == "\t" else glyph(character) for character in whole[first:last])
    return _Line(glyphs, tuple(accumulate(map(cells, glyphs), initial=0)), first, last >= len(whole))


def _windowed(mark: Mark, line: _Line, room: int) -> Row:
    window = _window(mark, line, room - 2 * len(_CUT))
    first, last = window
    before = _CUT if first or line.first else ""
    after = "" if line.ends and last == len(line.glyphs) else _CUT
    shown = before + "".join(line.glyphs[first:last]) + after
    return Row(mark.line, shown, (_pointer(mark, line, window),))


def _window(mark: Mark, line: _Line, room: int) -> tuple[int, int]:
    """The characters to show: the marked ones in the middle, or their beginning when they are too many."""
    start, end = _columns(mark, line)
    marked = line.edges[end] - line.edges[start]
    margin = max((room - marked) // 2, 0)
    left = max(0, min(line.edges[start] - margin, line.width - room))
    return bisect_left(line.edges, left), bisect_right(line.edges, left + room) - 1


def _pointer(mark: Mark, line: _Line, window: tuple[int, int]) -> Pointer:
    first, last = window
    start, end = _columns(mark, line)
    indent = line.edges[start] - line.edges[first] + (len(_CUT) if first or line.first else 0)
    width = max(1, line.edges[min(end, last)] - line.edges[start])
    return Pointer(indent, ("^" if mark.primary else "-") * width, _words(mark), mark.primary)


def _columns(mark: Mark, line: _Line) -> tuple[int, int]:
    """The marked characters `[start, end)` of the line, to its end when the extent goes on below."""
    extent = mark.extent
    length = extent.span.end - extent.span.start
    start = extent.start.column - 1 - line.first
    return start, min(start + length, len(line.glyphs))


def _words(mark: Mark) -> str:
    last = _last_line(mark.extent)
    goes_on = f"(to line {last})" if last > mark.line else ""
    return " ".join(filter(None, (escaped(mark.message), goes_on)))


def _last_line(extent: Extent) -> int:
    # A block's extent may reach to the next token; the empty lines before that are not part of what is meant.
    piece = extent.text.content[extent.span.start : extent.span.end]
    return extent.start.line + piece.rstrip().count("\n")
