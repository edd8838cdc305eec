"""The long form, for people: each diagnostic with its source lines, and a count at the end.

error[unknown-field]: `replica` is not a field of `scaling`
  --> serving.yaml:14:3
   |
14 |   replica: 3
   |   ^^^^^^^ not a field here
   |
   = help: did you mean `replicas`?
   = more: servespec explain unknown-field
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from servespec.diagnostics.color import Ink, Paint, ansi, plain
from servespec.diagnostics.locate import Located, count, locate, more
from servespec.diagnostics.snippet import Mark, Pointer, Row, rows
from servespec.diagnostics.types import Findings
from servespec.diagnostics.visible import escaped
from servespec.records import dataclass


def render(findings: Sequence[Findings], *, color: bool, width: int) -> str:
    """All diagnostics with their source lines, and a count; nothing when there are none.

    Source lines are cut to `width` cells; headlines, labels and help are left whole.
    """
    located = locate(findings)
    if not located:
        return ""
    paint = ansi if color else plain
    blocks = ["\n".join(_block(item, paint, width)) for item in located]
    return "\n\n".join((*blocks, _total(located))) + "\n"


def _block(item: Located, paint: Paint, width: int) -> Iterator[str]:
    record = item.diagnostic
    ink = Ink[record.severity.name]
    yield paint(f"{record.severity}[{escaped(record.code)}]", ink) + paint(f": {escaped(record.headline)}", Ink.STRONG)
    frame = _Frame(max(len(str(extent.start.line)) for extent in item.labels), paint, ink)
    for marks in _sections(item):
        yield from _section(marks, frame, width)
    for note in record.notes:
        yield from frame.remark("note", note)
    if record.help:
        yield from frame.remark("help", record.help)
    yield from frame.remark("more", more(record.code))


def _sections(item: Located) -> Iterator[list[Mark]]:
    """The labels of each file, the primary's file first."""
    marks = [
        Mark(extent, label.message, primary=index == 0)
        for index, (label, extent) in enumerate(zip(item.diagnostic.labels, item.labels, strict=True))
    ]
    for path in dict.fromkeys(mark.extent.path for mark in marks):
        yield [mark for mark in marks if mark.extent.path == path]


def _section(marks: Sequence[Mark], frame: _Frame, width: int) -> Iterator[str]:
    yield frame.place(marks[0])
    yield frame.bar
    before = 0
    for line, group in groupby(sorted(marks, key=lambda mark: mark.extent.span.start), lambda mark: mark.line):
        if before and line > before + 1:
            yield frame.gap
        for row in rows(list(group), width - frame.margin):
            yield from frame.row(row)
        before = line
    yield frame.bar


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands left of the source, as wide as the greatest line number of one diagnostic."""

    digits: int
    paint: Paint
    ink: Ink

    @property
    def margin(self) -> int:
        return self.digits + len(" | ")

    @property
    def bar(self) -> str:
        return self.paint(" " * self.digits + " |", Ink.FRAME)

    @property
    def gap(self) -> str:
        return self.paint("...", Ink.FRAME)

    def place(self, mark: Mark) -> str:
        """The file, line and column; another file than the diagnostic's own has a different arrow."""
        at = mark.extent.start
        arrow = self.paint(" " * self.digits + ("-->" if mark.primary else ":::"), Ink.FRAME)
        return f"{arrow} {escaped(mark.extent.path)}:{at.line}:{at.column}"

    def row(self, row: Row) -> Iterator[str]:
        """A source line and the markers below it."""
        number = self.paint(f"{row.number:>{self.digits}} |", Ink.FRAME)
        yield f"{number} {row.source}".rstrip()
        for pointer in row.pointers:
            yield f"{self.bar} {self._pointer(pointer)}"

    def remark(self, kind: str, words: str) -> Iterator[str]:
        """A line after the source; further lines of the words stand below the first."""
        first, *rest = words.split("\n")
        head = f"= {kind}: "
        indent = " " * (self.digits + 1)
        yield indent + self.paint(head.rstrip(), Ink.STRONG) + " " + escaped(first)
        for line in rest:
            yield indent + " " * len(head) + escaped(line)

    def _pointer(self, pointer: Pointer) -> str:
        ink = self.ink if pointer.primary else Ink.FRAME
        marker = self.paint(pointer.marker, ink)
        words = f" {self.paint(pointer.words, ink)}" if pointer.words else ""
        return " " * pointer.indent + marker + words


def _total(located: Sequence[Located]) -> str:
    """How many there are of each severity, and where: `2 errors and 1 warning in serving.yaml`."""
    parts = [f"{n} {severity}{'s' if n > 1 else ''}" for severity, n in count(located).items() if n]
    paths = sorted({item.primary.path for item in located})
    where = escaped(paths[0]) if len(paths) == 1 else f"{len(paths)} files"
    *most, last = parts
    return f"{', '.join(most)} and {last} in {where}" if most else f"{last} in {where}"
