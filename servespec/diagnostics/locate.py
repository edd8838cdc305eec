"""Where findings stand: the step that every renderer shares, from routes to files, lines and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, Severity
from servespec.diagnostics.veil import hidden_in, starred, veiled, words_at
from servespec.records import dataclass, replace
from servespec.spans import Document, Position, Span, Text, Value

_GRAVITY = tuple(Severity)
_NEAR = 4_000
"""Characters on either side of a label that are looked at for secrets: more than is shown of a line."""
_ASIDE = frozenset({"duplicate-key", "collection-as-key"})
"""Findings about values that a document does not have, so that no rule has looked whether one is a secret."""

Identity: TypeAlias = tuple[str, int, int, str, str]


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
    def identity(self) -> Identity:
        """What makes it the same finding: the place, the code, and the words that name the thing.

        The words count, because two fields that are missing from one block are reported at one place.
        """
        span = self.primary.span
        return (span.path, span.start, span.end, self.diagnostic.code, self.diagnostic.headline)


def locate(findings: Sequence[Findings]) -> tuple[Located, ...]:
    """All diagnostics by file and place, none twice: of the same findings the gravest stays.

    One mistake is found once in every environment that has it, and is still one mistake.
    """
    unique: dict[Identity, Located] = {}
    for item in sorted(_located(findings), key=lambda item: _GRAVITY.index(item.diagnostic.severity)):
        unique.setdefault(item.identity, item)
    return tuple(unique[identity] for identity in sorted(unique))


def placed(findings: Findings) -> Findings:
    """The same findings at places in the text, without the document that they were looked up in: little to keep."""
    document = findings.document
    told = tuple(
        replace(
            item, labels=tuple(Label(label.span(document), label.message, secret=label.secret) for label in item.labels)
        )
        for item in findings.report.diagnostics
    )
    readable: Value = None if document.value is None else {}
    return Findings(Document(document.path, readable, {}, document.texts if told else {}), Report(told))


def count(located: Sequence[Located]) -> Mapping[Severity, int]:
    """How many diagnostics there are of each severity, the gravest first, zeros included."""
    found = [item.diagnostic.severity for item in located]
    return {severity: found.count(severity) for severity in _GRAVITY}


def more(code: str) -> str:
    """The command that shows the page of a code."""
    return f"servespec explain {code}"


def _located(findings: Sequence[Findings]) -> Iterator[Located]:
    findings = [each for each in findings if each.report.diagnostics]
    secrets = {span for each in findings for span in (*_told(each), *_shown(each))}
    words = frozenset(word for each in findings for word in words_at(each.document, secrets))
    for each in findings:
        document = veiled(each.document, secrets)
        for item in dict.fromkeys(each.report.diagnostics):
            labels = tuple(extent(label.span(document), document) for label in item.labels)
            safe = starred(item, words)
            spans = [edit.span(document) for edit in safe.fix.edits] if safe.fix else []
            yield Located(safe, labels, tuple(extent(span, document) for span in spans if span is not None))


def _told(findings: Findings) -> Iterator[Span]:
    """Where a label says that a secret stands."""
    for item in findings.report.diagnostics:
        yield from (label.span(findings.document) for label in item.labels if label.secret)


def _shown(findings: Findings) -> Iterator[Span]:
    """Where in the lines of labels, or near them in very long ones, something looks like a secret."""
    document = findings.document
    labels = ((label, item.code) for item in findings.report.diagnostics for label in item.labels)
    parts: dict[tuple[str, int, int], Extent] = {}
    unseen: set[tuple[str, int, int]] = set()
    for label, code in labels:
        here = extent(label.span(document), document)
        place = (here.path, here.start.line, here.start.column // _NEAR)
        parts.setdefault(place, here)
        if code in _ASIDE:
            unseen.add(place)
    for place, here in parts.items():
        path, number, block = place
        first = max(0, (block - 1) * _NEAR)
        part = here.text.line(number)[first : (block + 2) * _NEAR]
        begins = here.span.start - here.start.column + 1 + first
        readable = place not in unseen and (document.value is not None or path != document.path)
        yield from hidden_in(part, path=path, begins=begins, readable=readable)


def extent(span: Span, document: Document) -> Extent:
    """Where a span of a document is."""
    # A file that could not be read has no text, and its diagnostic stands at its first character.
    text = document.texts.get(span.path) or Text(span.path, "")
    start = min(max(span.start, 0), len(text.content))
    end = min(max(span.end, start), len(text.content))
    return Extent(text, Span(span.path, start, end), text.position(start), text.position(end))
