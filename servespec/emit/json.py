"""JSON, two spaces deep, keys in the order given."""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

from servespec.emit.lines import Lines, Origins, number
from servespec.emit.quoted import Data, plain, unwrap

if TYPE_CHECKING:
    from servespec.artifacts import Content

# Allowed in JSON, but line ends to readers of JavaScript, hidden from people, or no UTF-8 (lone surrogates).
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")


def dump(data: Data, *, inherited: Origins = ()) -> Content:
    """The document. Lines without origins of their own have the `inherited` ones."""
    lines = Lines()
    _value(data, lines, inherited, indent="", head="", tail="")
    return lines.content(plain(data))


def _value(data: Data, lines: Lines, inherited: Origins, *, indent: str, head: str, tail: str) -> None:
    value, origins = unwrap(data, inherited)
    if not (isinstance(value, dict | list) and value):
        lines.add(f"{indent}{head}{_leaf(value)}{tail}", origins)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    heads = [f"{_string(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    items = list(value.values()) if isinstance(value, dict) else value
    lines.add(f"{indent}{head}{opening}", origins)
    for position, item in enumerate(items, start=1):
        comma = "," if position < len(items) else ""
        _value(item, lines, origins, indent=f"{indent}  ", head=heads[position - 1], tail=comma)
    lines.add(f"{indent}{closing}{tail}", origins)


def _leaf(value: object) -> str:
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    return "{}" if isinstance(value, dict) else "[]"


def _string(value: str) -> str:
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", encode_basestring(value))
