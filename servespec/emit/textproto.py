"""Protocol buffers in their text format (https://protobuf.dev/reference/protobuf/textformat-spec/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from servespec.artifacts import Content
from servespec.emit.lines import Lines, Origins, number
from servespec.emit.quoted import Data, Unwritable, unwrap
from servespec.emit.shape import encodable

Entry: TypeAlias = "EnumName | str | int | float | bool | tuple[tuple[str, Entry], ...]"
"""What a reader gets back for one field: a leaf, or the fields of a message."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPED = re.compile(rb'[^\x20-\x7e]|["\\]')
_NAMED = {b"\n": b"\\n", b"\t": b"\\t", b"\r": b"\\r", b'"': b'\\"', b"\\": b"\\\\"}


class EnumName(str):
    """The name of an enum's value, which stands without quotes."""

    __slots__ = ()


def dump(fields: Mapping[str, Data], *, header: str = "", inherited: Origins = ()) -> Content:
    """The fields in the order given: a dict is a message, a list is one field for each of its items."""
    lines = Lines()
    lines.comment(header)
    return lines.content(_message(fields, lines, inherited, indent=""))


def _message(
    fields: Mapping[str, Data], lines: Lines, inherited: Origins, *, indent: str
) -> tuple[tuple[str, Entry], ...]:
    entries: list[tuple[str, Entry]] = []
    for name, data in fields.items():
        if not _NAME.fullmatch(name):
            raise Unwritable(f"{name!r} is no name of a field")
        for value, origins in _repeated(data, inherited):
            if isinstance(value, dict):
                lines.add(f"{indent}{name} {{", origins)
                entries.append((name, _message(value, lines, origins, indent=f"{indent}  ")))
                lines.add(f"{indent}}}", origins)
            else:
                leaf = _leaf(value)
                lines.add(f"{indent}{name}: {_text(leaf)}", origins)
                entries.append((name, leaf))
    return tuple(entries)


def _repeated(data: Data, inherited: Origins) -> Iterator[tuple[object, Origins]]:
    value, origins = unwrap(data, inherited)
    if isinstance(value, list):
        yield from (unwrap(item, origins) for item in value)
    else:
        yield value, origins


def _leaf(value: object) -> EnumName | str | int | float | bool:
    if isinstance(value, EnumName):
        if not _NAME.fullmatch(value) or value in ("true", "false", "inf", "nan"):
            raise Unwritable(f"{value!r} is no name of an enum's value")
        return value
    if isinstance(value, str):
        return str(encodable(value))
    if isinstance(value, bool | int | float):
        return value
    raise Unwritable(f"a field of text protobuf holds no {type(value).__name__}")


def _text(value: EnumName | str | int | float | bool) -> str:
    if isinstance(value, EnumName):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    return f'"{_ESCAPED.sub(_escape, value.encode()).decode()}"'


def _escape(match: re.Match[bytes]) -> bytes:
    return _NAMED.get(match[0]) or b"\\%03o" % match[0][0]
