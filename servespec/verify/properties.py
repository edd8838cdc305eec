"""Reads Java properties back, by the rules that java.util.Properties.load gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.artifacts import Content
from servespec.verify.compare import Difference, Unreadable, difference

_BLANK = " \t\f"
_CONTINUED = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_KEY = re.compile(r"(?:\\.|[^\\=: \t\f])*", re.DOTALL)
_SEPARATOR = re.compile(r"[ \t\f]*[=:]?[ \t\f]*")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


def check(content: Content) -> Difference | None:
    """The first difference between the entries and what is read; Unreadable for what TorchServe would expand."""
    found = read(content.text)
    for value in found.values():
        if "$$" in value:
            raise Unreadable(f"{value!r} is expanded from the environment")
    return difference(content.expected, found)


def read(text: str) -> dict[str, str]:
    """The entries; Unreadable for a key that is there twice."""
    entries: dict[str, str] = {}
    for line in _logical_lines(text):
        end = _KEY.match(line).end()  # type: ignore[union-attr]
        key = _unescape(line[:end])
        if key in entries:
            raise Unreadable(f"the key {key!r} is there twice")
        entries[key] = _unescape(line[_SEPARATOR.match(line, end).end() :])  # type: ignore[union-attr]
    return entries


def _logical_lines(text: str) -> Iterator[str]:
    whole: str | None = None  # while a line goes on it is text, be it empty: then `#` starts no comment
    for natural in re.split(r"\r\n|\r|\n", text):
        line = natural.lstrip(_BLANK)
        if not line and not whole:
            whole = None
            continue
        if whole is None and line[0] in "#!":
            continue
        whole = (whole or "") + line
        if _CONTINUED.search(whole):
            whole = whole[:-1]
            continue
        yield whole
        whole = None
    if whole:
        yield whole


def _unescape(text: str) -> str:
    if not text.isascii():
        raise Unreadable("a character that ISO-8859-1 and UTF-8 write differently")
    if "\\" not in text:
        return text
    units = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _NAMED.get(match[2], match[2]), text)
    return units.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
