"""Events become values: one node after the other, each with its place."""

from __future__ import annotations

import re
from typing import NoReturn

import yaml

from servespec.diagnostics.types import Diagnostic
from servespec.source import messages, templates
from servespec.source.anchors import Anchors
from servespec.source.events import Events, bounds
from servespec.source.places import Bounds, Places
from servespec.source.scalars import OutOfRange, is_ambiguous, is_text, resolve
from servespec.spans import Route, Scalar, Span, Value

_MAX_DEPTH = 100
_MAX_NOTES = 100
_PROPERTIES = re.compile(r"(?:(?:(?P<tag>!<[^>\n]*>|![^\s,\[\]{}]*)|(?P<anchor>&[\w-]+))(?:\s|#[^\n]*\n)*)+")
_TEXT_TAGS = ("!", "tag:yaml.org,2002:str")
_BLOCK_STYLES = ("|", ">")


class Stop(Exception):
    """Nothing after this can be understood. The finding is already noted."""


class Notes(list[Diagnostic]):
    """What was found, up to a number that nobody would read to the end."""

    def add(self, problem: Diagnostic) -> None:
        """Note one mistake."""
        self.append(problem)
        if len(self) == _MAX_NOTES:
            at = problem.labels[0].at
            assert isinstance(at, Span)
            self.stop(messages.too_many_problems(at, _MAX_NOTES))

    def stop(self, problem: Diagnostic) -> NoReturn:
        """Note a mistake after which nothing can be understood."""
        self.append(problem)
        raise Stop


class Nodes:
    """The nodes of one document."""

    def __init__(self, path: str, content: str) -> None:
        self.events = Events(content)
        self.notes = Notes()
        self.anchors = Anchors()
        self.where = Places(path)
        self.ambiguous: list[Route] = []
        self.end = 0
        """Where the last node ended."""
        self.unclear = False
        """Whether something stands for content that is not read."""
        self._path = path
        self._content = content

    def node(self, event: yaml.Event, route: Route, *, key: Bounds | None = None) -> Value:
        """The value of the node that begins with `event`."""
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, route, key)
        if isinstance(event, yaml.CollectionStartEvent):
            return self._composite(event, route, key)
        assert isinstance(event, yaml.AliasEvent)
        self._alias(event, route, key)
        return None

    def mark(self, event: yaml.Event) -> Span:
        """The place of one event."""
        return Span(self._path, *bounds(event))

    def _composite(self, event: yaml.CollectionStartEvent, route: Route, key: Bounds | None) -> Value:
        if len(route) >= _MAX_DEPTH:
            self.notes.stop(messages.too_deep(self.mark(event), _MAX_DEPTH))
        start, _ = self._extent(event)
        template = templates.end_of(self._content, start) if event.flow_style else None
        value = self._collection(event, route) if template is None else self._template(event, route, (start, template))
        self.where.put(route, (start, self.end), key=key, plain=template is not None)
        return value

    def _scalar(self, event: yaml.ScalarEvent, route: Route, key: Bounds | None) -> Scalar:
        start, end = self._extent(event)
        if event.style in _BLOCK_STYLES:
            end = start + len(self._content[start:end].rstrip())
        plain = not event.style
        self.end = end
        self.where.put(route, (start, end), key=key, plain=plain)
        if not plain or event.tag in _TEXT_TAGS:
            return str(event.value)
        return self._plain(event.value, route)

    def _plain(self, word: str, route: Route) -> Scalar:
        try:
            value = resolve(word)
        except OutOfRange:
            self.notes.add(messages.number_out_of_range(self.where[route].value, word))
            return None
        if isinstance(value, str) and is_ambiguous(word):
            self.ambiguous.append(route)
        return value

    def _alias(self, event: yaml.AliasEvent, route: Route, key: Bounds | None) -> None:
        start, self.end = bounds(event)
        span = Span(self._path, start, self.end)
        self.where.put(route, (start, self.end), key=key, plain=True)
        self.unclear = True
        name = event.anchor or ""
        if not self.anchors.use(name, span):
            self.notes.add(messages.yaml_alias(span, name))

    def _collection(self, event: yaml.Event, route: Route) -> Value:
        value: Value
        if isinstance(event, yaml.MappingStartEvent):
            value, last = self._mapping(route)
        else:
            value, last = self._sequence(route)
        start, end = bounds(last)
        # A block ends with its last child: its own end event stands where the next thing begins.
        if start != end:
            self.end = end
        return value

    def _sequence(self, route: Route) -> tuple[list[Value], yaml.Event]:
        items: list[Value] = []
        while not isinstance(event := self.events.next(), yaml.SequenceEndEvent):
            items.append(self.node(event, (*route, len(items))))
        return items, event

    def _mapping(self, route: Route) -> tuple[dict[str, Value], yaml.Event]:
        fields: dict[str, Value] = {}
        while not isinstance(event := self.events.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._strange_key(event, route)
            elif event.value == "<<" and not event.style:
                self._merge(event, route)
            else:
                self._field(event, route, fields)
        return fields, event

    def _field(self, event: yaml.ScalarEvent, route: Route, fields: dict[str, Value]) -> None:
        name = str(event.value)
        here = (*route, name)
        key = self._extent(event)
        if not event.style and not is_text(name):
            self.notes.add(messages.key_not_text(Span(self._path, *key), name))
        if name in fields:
            self._duplicate(Span(self._path, *key), here)
        else:
            fields[name] = self.node(self.events.next(), here, key=key)

    def _duplicate(self, key: Span, route: Route) -> None:
        self.notes.add(messages.duplicate_key(key, str(route[-1]), self.where[route].key or key))
        self._aside(self.events.next(), route)

    def _strange_key(self, event: yaml.Event, route: Route) -> None:
        start = bounds(event)[0]
        self._aside(event, (*route, "?"))
        if not isinstance(event, yaml.AliasEvent):
            self.notes.add(messages.collection_as_key(Span(self._path, start, self.end)))
        self._aside(self.events.next(), (*route, "?"))

    def _merge(self, event: yaml.ScalarEvent, route: Route) -> None:
        key = Span(self._path, *self._extent(event))
        source = None
        value = self.events.next()
        if isinstance(value, yaml.AliasEvent):
            source = self.anchors.merge(value.anchor or "")
            self.end = bounds(value)[1]
        else:
            self._aside(value, (*route, "<<"))
        self.unclear = True
        self.notes.add(messages.yaml_merge_key(key, source))

    def _template(self, event: yaml.Event, route: Route, expression: tuple[int, int]) -> str:
        # The value is the text that was meant, so that later stages don't complain of a mapping.
        start, end = expression
        span = Span(self._path, start, end)
        self.notes.add(
            messages.template_expression(span, self._content[start:end], dated=templates.is_dated(self._content, start))
        )
        outside = (self.notes, self.where, self.ambiguous)
        self.notes, self.where, self.ambiguous = Notes(), Places(self._path), []
        self._collection(event, route)
        self.notes, self.where, self.ambiguous = outside
        return self._content[start : self.end]

    def _aside(self, event: yaml.Event, route: Route) -> None:
        """Read a node that has no place in the document, for the mistakes in it."""
        where, ambiguous = self.where, self.ambiguous
        self.where, self.ambiguous = Places(self._path), []
        self.node(event, route)
        self.where, self.ambiguous = where, ambiguous

    def _extent(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> Bounds:
        """Where a node itself starts, behind its tag and anchor, which are noted; and where its event ends."""
        whole = bounds(event)
        if event.tag is None and event.anchor is None:
            return whole
        start, end = whole
        written = _PROPERTIES.match(self._content, start)
        assert written is not None
        if event.anchor is not None:
            self.anchors.define(event.anchor, Span(self._path, *written.span("anchor")))
        if event.tag is not None:
            self.notes.add(messages.yaml_tag(Span(self._path, *written.span("tag")), written["tag"]))
        return min(written.end(), end), end
