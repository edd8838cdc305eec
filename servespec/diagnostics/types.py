"""What a diagnostic is: one record, many renderings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum

from servespec.records import dataclass, replace
from servespec.spans import Document, Place, Route, Span


class Severity(StrEnum):
    """How bad it is. Only an error stops a build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Part(StrEnum):
    """Which part of a place is meant: `KEY` for what is wrong with a name, `VALUE` for a value."""

    KEY = "key"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Label:
    """A place, with a few words on what is there. A `Span` is for findings made before routes exist."""

    at: Route | Span
    message: str = ""
    part: Part = Part.VALUE
    piece: tuple[int, int] | None = None
    """Characters `[start, end)` of the part that are meant; the whole of it when none."""
    secret: bool = False
    """What stands there may be a secret: whoever shows the source shows stars instead."""
    otherwise: Label | None = None
    """The label to take where nothing is written at `at`: a default comes from another field."""

    def settled(self, document: Document) -> Label:
        """The first of the label and those that may take its place at which something is written, else the last."""
        if self.otherwise is None or isinstance(self.at, Span) or document.written(self.at):
            return replace(self, otherwise=None)
        return self.otherwise.settled(document)

    def span(self, document: Document) -> Span:
        """The place in the text, always inside the file."""
        if isinstance(self.at, Span):
            return self.at
        place = document.place(self.at)
        if place == document.place(()) and self.at:
            # No block of it is written either: the first character of the spec, not all of it.
            return Span(place.value.path, place.value.start, place.value.start)
        whole = _part(place, self.part, exact=document.written(self.at))
        if self.piece is None or not document.written(self.at):
            return whole
        quote = 0 if place.plain else 1
        start = min(whole.start + quote + self.piece[0], whole.end)
        return Span(whole.path, start, min(whole.start + quote + self.piece[1], whole.end))


def _part(place: Place, part: Part, *, exact: bool) -> Span:
    # A field that is missing has no value of its own: its block's key is the tight place to show.
    if place.key is not None and (part is Part.KEY or not exact):
        return place.key
    return place.value


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of something."""

    at: Route | Span
    """A route for rules, which see values only: it is the value there."""
    text: str
    old: str = ""
    """What the value at a route says. Where it is written in another way it is left alone."""

    def span(self, document: Document) -> Span | None:
        """The place in the text; None when what stands there is not plainly the old value."""
        if isinstance(self.at, Span):
            return self.at
        if not document.written(self.at):
            return None
        whole = document.place(self.at).value
        source = document.slice(whole)
        if source == self.old:
            return whole
        quoted = source in (f'"{self.old}"', f"'{self.old}'")
        return Span(whole.path, whole.start + 1, whole.end - 1) if quoted else None


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the source that removes the problem. `safe`: it cannot change what was meant."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: a headline that can stand alone, places (the first label is the primary one), help."""

    code: str
    severity: Severity
    headline: str
    labels: tuple[Label, ...]
    help: str = ""
    notes: tuple[str, ...] = ()
    fix: Fix | None = None

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError(f"{self.code}: a diagnostic needs a place")


def placed_fix(item: Diagnostic, document: Document) -> Diagnostic:
    """The diagnostic with its fix at places in the text; without one that can't be made there."""
    if item.fix is None:
        return item
    spans = [edit.span(document) for edit in item.fix.edits]
    edits = tuple(Edit(span, edit.text) for edit, span in zip(item.fix.edits, spans, strict=True) if span is not None)
    whole = len(edits) == len(spans)
    return replace(item, fix=replace(item.fix, edits=edits) if whole else None)


@dataclass(frozen=True)
class Report:
    """What a run found, in the order it was found; `diagnostics.locate` puts it in the order of the text."""

    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> int:
        """The number of errors."""
        return sum(item.severity is Severity.ERROR for item in self.diagnostics)

    @property
    def warnings(self) -> int:
        """The number of warnings."""
        return sum(item.severity is Severity.WARNING for item in self.diagnostics)

    def __add__(self, more: Report | Iterable[Diagnostic]) -> Report:
        added = more.diagnostics if isinstance(more, Report) else tuple(more)
        return Report(self.diagnostics + added)


@dataclass(frozen=True, slots=True)
class Lost:
    """A field of a spec that does not wholly reach a target."""

    field: str
    """Its dotted path."""
    target: str
    degree: str
    """`approximated` or `dropped`."""
    reason: str
    at: Span


@dataclass(frozen=True)
class Findings:
    """A report with the document its routes point into: all a renderer needs for one spec."""

    document: Document
    report: Report = field(default_factory=Report)
    lost: tuple[Lost, ...] | None = None
    """What does not wholly reach a target; None where nothing was compiled."""


def error(
    code: str,
    headline: str,
    *labels: Label,
    help: str = "",
    notes: tuple[str, ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """An error: the build stops after all checks have run."""
    return Diagnostic(code, Severity.ERROR, headline, labels, help, notes, fix)


def warning(
    code: str,
    headline: str,
    *labels: Label,
    help: str = "",
    notes: tuple[str, ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    """A warning: the build goes on, `--strict` does not care (it is about losses)."""
    return Diagnostic(code, Severity.WARNING, headline, labels, help, notes, fix)
