"""Reads text protobuf back: the part of the language that `emit.textproto` writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.artifacts import Content
from servespec.emit.textproto import Entry, EnumName
from servespec.verify.compare import Difference, Unreadable, difference

_TOKEN = re.compile(
    r'[ \t\n]+|\#[^\n]*|(?P<string>"(?:[^"\\\n]|\\[^\n])*")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)'
    r"|(?P<float>-?[0-9]+(?:\.[0-9]+(?:e[+-]?[0-9]+)?|e[+-]?[0-9]+))(?![\w.])|(?P<int>-?[0-9]+)(?![\w.])|(?P<mark>[{}:])"
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))", re.DOTALL)
_NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b'"': b'"', b"\\": b"\\"}


def check(content: Content) -> Difference | None:
    """The first difference between the fields and what is read."""
    return difference(content.expected, read(content.text))


def read(text: str) -> tuple[tuple[str, Entry], ...]:
    """The fields in their order."""
    return _fields(_tokens(text), closing="")


def _fields(tokens: Iterator[tuple[str, str]], *, closing: str) -> tuple[tuple[str, Entry], ...]:
    fields: list[tuple[str, Entry]] = []
    for kind, name in tokens:
        if name == closing and kind in ("mark", "end"):
            return tuple(fields)
        mark = next(tokens, ("end", ""))
        if kind != "name" or mark not in (("mark", "{"), ("mark", ":")):
            raise Unreadable(f"no field at {name!r}")
        fields.append((name, _fields(tokens, closing="}") if mark[1] == "{" else _leaf(*next(tokens, ("end", "")))))
    raise Unreadable("the text ends inside a message")


def _leaf(kind: str, text: str) -> Entry:
    if kind == "string":
        return _ESCAPE.sub(_unescape, text[1:-1].encode()).decode()
    if kind in ("int", "float"):
        return int(text) if kind == "int" else float(text)
    if kind != "name":
        raise Unreadable(f"no value at {text!r}")
    return text == "true" if text in ("true", "false") else EnumName(text)


def _unescape(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 8)])
    if match[2] not in _NAMED:
        raise Unreadable(f"the escape {match[0]!r}")
    return _NAMED[match[2]]


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable(f"no text protobuf at {text[at : at + 20]!r}")
        at = match.end()
        if match.lastgroup:
            yield match.lastgroup, match[0]
    yield "end", ""
