"""Reads YAML back as the parsers of versions 1.1 and 1.2 both would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from servespec.artifacts import Content
from servespec.spans import Value
from servespec.verify.compare import Difference, Unreadable, data_difference

if TYPE_CHECKING:
    from yaml.events import Event
    from yaml.resolver import Resolver

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:e[+-][0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# What YAML 1.1's type repository and 1.2's core schema resolve and PyYAML leaves alone.
_ELSEWHERE = re.compile(
    r"[yYnN]|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_TEXT = "tag:yaml.org,2002:str"


def check(content: Content) -> Difference | None:
    """The first difference between the data and what is read; Unreadable where two readers would differ."""
    return data_difference([content.expected], read(content.text))


def read(text: str) -> list[Value]:
    """The documents of a file."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = list(iter(loader(text).get_event, None))
    except yaml.YAMLError as error:
        raise Unreadable(f"no YAML: {error}") from error
    events = iter(found)
    node = _composer(events)
    starts = (event for event in events if isinstance(event, yaml.DocumentStartEvent))
    return [node(next(events)) for _ in starts]


def _composer(events: Iterator[Event]) -> Callable[[Event], Value]:
    """A function from the first event of a value to the value; faster than the loaders, which make nodes first."""
    from yaml.events import MappingEndEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

    def node(event: Event) -> Value:
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise Unreadable("an anchor, an alias or a tag")
        if isinstance(event, ScalarEvent):
            return _plain(event.value) if event.implicit[0] else event.value
        if isinstance(event, SequenceStartEvent):
            return list(map(node, until(SequenceEndEvent)))
        mapping: dict[str, Value] = {}
        for key in map(node, until(MappingEndEvent)):
            if not isinstance(key, str) or key in mapping:
                raise Unreadable(f"the key {key!r} is there twice or no string")
            mapping[key] = node(next(events))
        return mapping

    def until(end: type[Event]) -> Iterator[Event]:
        while type(event := next(events)) is not end:
            yield event

    return node


@lru_cache(maxsize=8192)
def _plain(value: str) -> str | int | float | bool | None:
    if value in _CONSTANTS:
        return _CONSTANTS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    if _FLOAT.fullmatch(value):
        return float(value)
    if _ELSEWHERE.fullmatch(value) or _resolve(value) != _TEXT:
        raise Unreadable(f"{value!r} without quotes is text to one reader and something else to another")
    return value


def _resolve(value: str) -> str:
    from yaml import ScalarNode

    return str(_resolver().resolve(ScalarNode, value, (True, False)))  # type: ignore[no-untyped-call]


@cache
def _resolver() -> Resolver:
    from yaml.resolver import Resolver

    return Resolver()
