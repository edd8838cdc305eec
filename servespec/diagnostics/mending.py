"""The bytes of a file with fixes applied: nothing outside of the edits changes, not even how its lines end."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence

from servespec.diagnostics.types import Edit, Findings, Fix
from servespec.spans import Span


def safe_fixes(findings: Iterable[Findings]) -> dict[Fix, None]:
    """The fixes that can't change what was meant, each once though many environments have it."""
    items = (item for each in findings for item in each.report.diagnostics)
    return {item.fix: None for item in items if item.fix and item.fix.safe and item.fix.edits}


def files_of(fix: Fix) -> set[str]:
    """The files that a fix changes."""
    return {edit.at.path for edit in fix.edits if isinstance(edit.at, Span)}


def apart(fixes: Iterable[Fix]) -> Iterator[Fix]:
    """The fixes of which none touches what an earlier one does; the rest can be made of what these make."""
    taken: list[Span] = []
    for fix in fixes:
        spans = [edit.at for edit in fix.edits if isinstance(edit.at, Span)]
        if not any(_meet(span, other) for span in spans for other in taken):
            taken += spans
            yield fix


def _meet(one: Span, other: Span) -> bool:
    return one.path == other.path and one.start <= other.end and other.start <= one.end


def mended(data: bytes, edits: Sequence[Edit], path: str) -> bytes:
    """The bytes of the file at `path` after those edits that are in it. It must be UTF-8."""
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    content = data[len(mark) :].decode()
    starts = _starts(content)
    mine = [(edit.at, edit.text) for edit in edits if isinstance(edit.at, Span) and edit.at.path == path]
    for span, text in sorted(mine, key=lambda item: item[0].start, reverse=True):
        content = content[: starts[span.start]] + text + content[starts[span.end] :]
    return mark + content.encode()


def _starts(content: str) -> Sequence[int]:
    """Where each character of the text with LF line ends stands in the content, and where that ends."""
    if "\r" not in content:
        return range(len(content) + 1)
    starts, at = [], 0
    while at < len(content):
        starts.append(at)
        at += 2 if content.startswith("\r\n", at) else 1
    return [*starts, len(content)]
