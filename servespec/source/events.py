"""The events of a YAML text, one by one, and whatever goes wrong while they are made as one kind of exception."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

from servespec.records import dataclass

# libyaml's parser keeps its state on the heap: the event stream of a million nested lists is safe, its loader is not.
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATE = "[\ud800-\udfff]"
_SURROGATE_ESCAPE = r"\\u[dD][89a-fA-F]|\\U0000[dD][89a-fA-F]"
_MAX_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the text stops being YAML, in the parser's own words."""

    problem: str
    context: str
    at: int
    """Where the parser noticed."""
    since: int
    """Where the thing started that it was reading; the same when it doesn't say."""
    scalar: tuple[int, int]
    """Start and end of the last scalar before it."""


def bounds(event: yaml.Event) -> tuple[int, int]:
    """Where an event starts and ends, in characters."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        raise TypeError("only events that were made by hand stand nowhere")
    return start.index, end.index


class Broken(Exception):
    """There are no more events, because of a fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


class TooMany(Exception):
    """The text has more values than any spec."""


class Events:
    """The events of one text."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._read: Callable[[], yaml.Event] = self._first
        self._left = _MAX_EVENTS
        self._last: yaml.Event | None = None
        self._scalar: yaml.Event | None = None

    def next(self) -> yaml.Event:
        """The next event; after the last one never asked for."""
        self._left -= 1
        if not self._left:
            raise TooMany
        try:
            event = self._read()
        except yaml.MarkedYAMLError as failure:
            raise self._marked(failure) from None
        except yaml.reader.ReaderError as failure:
            raise self._broken(str(failure.reason), failure.position) from None
        except Exception as failure:
            # What else escapes from PyYAML: UnicodeDecodeError for the tag `!%ED%A0%80`, and from its parser in
            # Python ValueError for the escape "\UFFFFFFFF". All are about the text, whatever they are called.
            raise self._broken(type(failure).__name__, self._end()) from None
        if isinstance(event, yaml.ScalarEvent):
            self._scalar = event
            if not event.value.isascii():
                self._refuse_surrogates(event)
        self._last = event
        return event

    def _first(self) -> yaml.Event:
        """The first event: to make a parser is to read its first characters, which may fail as any others."""
        self._read = _Parser(self._content).get_event
        event: yaml.Event = self._read()
        return event

    def _refuse_surrogates(self, event: yaml.ScalarEvent) -> None:
        # YAML 1.2.2, 5.1: no surrogates. libyaml refuses their escapes, PyYAML's parser in Python does not.
        if not re.search(_SURROGATE, event.value):
            return
        escape = re.compile(_SURROGATE_ESCAPE).search(self._content, *bounds(event))
        at = escape.start() if escape else bounds(event)[0]
        raise self._broken("a surrogate", at, context="while scanning a quoted scalar")

    def _marked(self, failure: yaml.MarkedYAMLError) -> Broken:
        at = failure.problem_mark.index if failure.problem_mark else self._end()
        since = failure.context_mark.index if failure.context_mark else at
        return self._broken(failure.problem or "", at, context=failure.context or "", since=since)

    def _end(self) -> int:
        return bounds(self._last)[1] if self._last else 0

    def _broken(self, problem: str, at: int, *, context: str = "", since: int | None = None) -> Broken:
        at = min(at, len(self._content))
        since = at if since is None else min(since, at)
        scalar = bounds(self._scalar) if self._scalar else (0, 0)
        return Broken(Fault(problem, context, at, since, scalar))
