"""Java properties, in the part of ASCII that ISO-8859-1 and UTF-8 readers take for the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servespec.artifacts import Content
from servespec.emit.lines import Lines, Origins, number
from servespec.emit.quoted import Data, Unwritable, unwrap

# java.util.Properties.load: a key ends at the first of these unless a backslash stands before it.
_IN_KEY = re.compile(r"[^\x21-\x7e]|[\\=:#!]")
# In a value only a backslash, a leading blank and what is no printable ASCII need one.
_IN_VALUE = re.compile(r"^ |[^\x20-\x7e]|\\")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f"}


def dump(entries: Sequence[tuple[str, Data]], *, header: str = "", inherited: Origins = ()) -> Content:
    """One `key=value` line for each entry, whose value is a string, a number or a boolean."""
    lines = Lines()
    lines.comment(header)
    expected: dict[str, str] = {}
    for key, data in entries:
        value, origins = unwrap(data, inherited)
        text = _text(value)
        if key in expected or not key:
            raise Unwritable(f"properties have {key!r} twice or not at all")
        lines.add(f"{_quote(key, _IN_KEY)}={_quote(text, _IN_VALUE)}", origins)
        expected[key] = text
    return lines.content(expected)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if not isinstance(value, str):
        raise Unwritable(f"properties hold no {type(value).__name__}")
    if "$$" in value:
        # TorchServe replaces $$NAME$$ with a variable of its environment, and stops where there is none.
        raise Unwritable("`$$` in properties is expanded from the environment")
    return str(value)


def _quote(text: str, escaped: re.Pattern[str]) -> str:
    return escaped.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _NAMED:
        return _NAMED[character]
    if " " <= character <= "~":
        return f"\\{character}"
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
