"""Reads files of lines back: requirements, ignore files, and prose."""

from __future__ import annotations

import re

from servespec.artifacts import Content
from servespec.emit.shape import Shape, fill
from servespec.verify.compare import Difference, Unreadable, difference

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def check_requirements(content: Content) -> Difference | None:
    """The first difference between the requirements and the lines that pip would read."""
    return difference(content.expected, read_requirements(content.text))


def read_requirements(text: str) -> tuple[str, ...]:
    """The lines without comments and continuations, as pip puts them together."""
    joined = re.sub(r"\\\n", "", _without_control(text))
    lines = (_COMMENT.sub("", line).strip() for line in joined.split("\n"))
    return tuple(line for line in lines if line)


def check_dockerignore(content: Content) -> Difference | None:
    """The first difference between the patterns and what the builder would read."""
    return difference(content.expected, read_dockerignore(content.text))


def read_dockerignore(text: str) -> tuple[str, ...]:
    """The patterns, with what a backslash makes literal written without it (github.com/moby/patternmatcher)."""
    lines = (line.strip() for line in _without_control(text).split("\n") if not line.startswith("#"))
    return tuple(_pattern(line) for line in lines if line)


def _pattern(line: str) -> str:
    negated, pattern = ("!", line[1:].strip()) if line.startswith("!") else ("", line)
    if pattern not in ("*", "**/__pycache__") and re.search(r"(?<!\\)(?:\\\\)*[*?\[]", pattern):
        raise Unreadable(f"{pattern!r} matches more than one path")
    return negated + re.sub(r"\\(.)", r"\1", pattern)


def check_prose(content: Content) -> Difference | None:
    """The first difference between the text and its skeleton with the values in it: in code spans they stand as they
    are. Unreadable when it holds a control character."""
    shape = content.expected
    assert isinstance(shape, Shape)
    return difference(fill(shape.neutral, shape.values), _without_control(content.text))


def _without_control(text: str) -> str:
    if match := _CONTROL.search(text):
        raise Unreadable(f"the control character {match[0]!r}")
    return text
