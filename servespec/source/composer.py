"""A YAML text becomes one document: what holds for the whole of it, and reading on after a fault."""

from __future__ import annotations

import re

import yaml

from servespec.diagnostics.types import Diagnostic
from servespec.records import dataclass
from servespec.source import messages
from servespec.source.events import Broken, TooMany, bounds
from servespec.source.nodes import Nodes, Stop
from servespec.source.places import Places
from servespec.spans import Route, Span, Value

_MAX_RESUMES = 20
_DIRECTIVE = r"(?m)^%.*"


@dataclass(frozen=True, slots=True)
class Composed:
    """What a text holds; the value is none when what was meant can't be known."""

    value: Value
    where: Places
    ambiguous: tuple[Route, ...]
    problems: tuple[Diagnostic, ...]


def compose(path: str, content: str) -> Composed:
    """The value of a YAML text with its places, and every mistake that can be seen in one run.

    After a fault of syntax the blocks that follow are read as well, only to find what is wrong with them.
    """
    first = _Reading(path, content)
    problems = list(first.problems)
    resume = first.resume
    for _ in range(_MAX_RESUMES):
        if resume is None:
            break
        # Newlines in place of what was read, so that places stay places in the whole text.
        rest = _Reading(path, "\n" * resume + content[resume:])
        problems += rest.problems
        resume = rest.resume
    unique = tuple(dict.fromkeys(problems))
    return Composed(first.value, first.nodes.where, tuple(first.nodes.ambiguous), unique)


class _Reading:
    """One reading of a text, up to its end or to the first fault."""

    def __init__(self, path: str, content: str) -> None:
        self.value: Value = None
        self.resume: int | None = None
        """Where reading can go on after a fault of syntax."""
        self.nodes = Nodes(path, content)
        self._path = path
        self._content = content
        self._notes = self.nodes.notes
        self._run()
        self.problems = (*self._notes, *self.nodes.anchors.problems())

    def _run(self) -> None:
        try:
            value = self._document()
        except Stop:
            return  # noted where it was raised
        except TooMany:
            end = self.nodes.end
            self._notes.append(messages.too_many_values(Span(self._path, end, end)))
        except Broken as broken:
            from servespec.source import syntax  # start-up: most specs are sound

            problem = syntax.diagnose(self._path, self._content, fault=broken.fault)
            self._notes.append(problem)
            self.resume = syntax.resume(self._content, problem)
        else:
            self.value = None if self.nodes.unclear else value

    def _document(self) -> Value:
        events = self.nodes.events
        events.next()  # the start of the stream
        start = events.next()
        if isinstance(start, yaml.StreamEndEvent):
            self._notes.stop(messages.empty_spec(Span(self._path, 0, 0), comments="#" in self._content))
        self._directives(start)
        value = self.nodes.node(events.next(), ())
        events.next()  # the end of the document
        after = events.next()
        if isinstance(after, yaml.DocumentStartEvent):
            self._notes.stop(messages.several_documents(self.nodes.mark(after)))
        if not isinstance(value, dict):
            self._no_mapping(value)
        return value

    def _directives(self, event: yaml.Event) -> None:
        start, end = bounds(event)
        for line in re.compile(_DIRECTIVE).finditer(self._content, start, end) if end > start else ():
            self._notes.add(messages.yaml_directive(Span(self._path, *line.span()), line[0]))

    def _no_mapping(self, value: Value) -> None:
        self.nodes.unclear = True
        span = self.nodes.where[()].value
        first_line = self._content[span.start : span.end].partition("\n")[0]
        if not first_line:
            self._notes.add(messages.empty_spec(span, comments="#" in self._content))
        elif not self._notes:
            span = Span(self._path, span.start, span.start + len(first_line))
            self._notes.add(messages.not_a_mapping(span, value))
