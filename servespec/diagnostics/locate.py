"""Where findings stand: the step that every renderer shares, from routes to files, lines and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from servespec.diagnostics.types import Diagnostic, Findings, Severity
from servespec.records import dataclass
from servespec.spans import Document, Position, Span, Text

_GRAVITY = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Extent:
    """A range of one file's characters, inside the file whatever the span said."""

    text: Text
    span: Span
    start: Position
    end: Position

    @property
    def path(self) -> str:
        """The file, as it is shown to people."""
        return self.span.path


@dataclass(frozen=True, slots=True)
class Located:
    """A diagnostic with the extents of its labels and of its fix's edits, each in the order of the record."""

    diagnostic: Diagnostic
    labels: tuple[Extent, ...]
    edits: tuple[Extent, ...]

    @property
    def primary(self) -> Extent:
        """Where the diagnostic is reported."""
        return self.labels[0]

    @property
    def identity(self) -> tuple[str, int, int, str, str]:
        """What makes it the same finding: the place, the code, and the words that name the thing.

        The words count, because two fields that are missing from one block are reported at one place.
        """
        span = self.primary.span
        return (span.path, span.start, span.end, self.diagnostic.code, self.diagnostic.headline)


def locate(findings: Sequence[Findings]) -> tuple[Located, ...]:
    """All diagnostics by file and place, none twice: of the same findings the gravest stays.

    One mistake is found once in every environment that has it, and is still one mistake.
    """
    unique: dict[tuple[str, int, int, str, str], Located] = {}
    for item in sorted(_located(findings), key=lambda item: _GRAVITY.index(item.diagnostic.severity)):
        unique.setdefault(item.identity, item)
    return tuple(unique[identity] for identity in sorted(unique))


def count(located: Sequence[Located]) -> Mapping[Severity, int]:
    """How many diagnostics there are of each severity, the gravest first, zeros included."""
    found = [item.diagnostic.severity for item in located]
    return {severity: found.count(severity) for severity in _GRAVITY}


def more(code: str) -> str:
    """The command that shows the page of a code."""
    return f"servespec explain {code}"


def _located(findings: Sequence[Findings]) -> Iterator[Located]:
    for each in map(_veiled, findings):
        for item in dict.fromkeys(each.report.diagnostics):
            labels = tuple(_extent(label.span(each.document), each.document) for label in item.labels)
            edits = item.fix.edits if item.fix else ()
            yield Located(item, labels, tuple(_extent(edit.span, each.document) for edit in edits))


def _veiled(findings: Findings) -> Findings:
    """The findings over a document whose texts show stars where a label says that a secret stands."""
    document = findings.document
    labels = (label for item in findings.report.diagnostics for label in item.labels if label.secret)
    texts = dict(document.texts)
    for span in (label.span(document) for label in labels):
        content = texts[span.path].content
        stars = re.sub(r"[^\n]", "*", content[span.start : span.end])
        texts[span.path] = Text(span.path, content[: span.start] + stars + content[span.end :])
    return replace(findings, document=replace(document, texts=texts)) if texts != document.texts else findings


def _extent(span: Span, document: Document) -> Extent:
    # A file that could not be read has no text, and its diagnostic stands at its first character.
    text = document.texts.get(span.path) or Text(span.path, "")
    start = min(max(span.start, 0), len(text.content))
    end = min(max(span.end, start), len(text.content))
    return Extent(text, Span(span.path, start, end), text.position(start), text.position(end))
