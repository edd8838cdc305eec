"""One literal for fixed Python text: no value ever becomes code, a comment or a docstring."""

from __future__ import annotations

import re

from servespec.artifacts import Origin
from servespec.emit.lines import Lines, Origins, number
from servespec.emit.quoted import Data, Unwritable, plain, unwrap
from servespec.emit.shape import HOLE, Passage
from servespec.records import dataclass
from servespec.spans import Value

_WIDTH = 100
_DEPTH = 80  # Python's tokenizer stops at 200 brackets, its older parsers at 100
_SIMPLE = re.compile(r"[ !#-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class PyLiteral(Passage):
    """A literal that `ast.literal_eval` reads back; its `plain` is the `repr` of the value."""


def literal(value: Data, *origins: Origin, column: int = 0) -> PyLiteral:
    """The value as a literal, one entry a line where it is wider than a line; `column` is where it starts."""
    lines = Lines()
    _value(value, lines, origins, indent="", head="", tail="", room=_WIDTH - column)
    return PyLiteral(
        "\n".join(lines.texts),
        repr(_native(plain(value))),
        f'"{HOLE}"',
        tuple(dict.fromkeys(origin for line in lines.origins for origin in line)),
        tuple(lines.origins),
    )


def _value(
    data: Data, lines: Lines, inherited: Origins, *, indent: str, head: str, tail: str, room: int = _WIDTH
) -> None:
    text, all_origins = _inline(data, inherited, depth=len(indent) // 4)
    value, origins = unwrap(data, inherited)
    if len(indent) + len(head) + len(text) + len(tail) <= room or not (isinstance(value, dict | list) and value):
        lines.add(f"{indent}{head}{text}{tail}", all_origins)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    lines.add(f"{indent}{head}{opening}", origins)
    for key, item in _entries(value):
        _value(item, lines, origins, indent=f"{indent}    ", head=key, tail=",")
    lines.add(f"{indent}{closing}{tail}", origins)


def _inline(data: Data, inherited: Origins, *, depth: int) -> tuple[str, Origins]:
    if depth > _DEPTH:
        raise Unwritable(f"a literal nested deeper than {_DEPTH} levels is more than Python reads")
    value, origins = unwrap(data, inherited)
    if not isinstance(value, dict | list):
        return _leaf(value), origins
    texts: list[str] = []
    found = dict.fromkeys(origins)
    for key, item in _entries(value):
        text, below = _inline(item, origins, depth=depth + 1)
        texts.append(f"{key}{text}")
        found.update(dict.fromkeys(below))
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{', '.join(texts)}{closing}", tuple(found)


def _entries(value: list[Data] | dict[str, Data]) -> list[tuple[str, Data]]:
    if isinstance(value, dict):
        return [(f"{_leaf(key)}: ", item) for key, item in value.items()]
    return [("", item) for item in value]


def _leaf(value: object) -> str:
    if isinstance(value, str):
        # `ascii`, for what `repr` shows depends on the Unicode tables of the Python that compiles.
        return f'"{value}"' if _SIMPLE.fullmatch(value) else ascii(str(value))
    return number(value) if isinstance(value, int | float) and not isinstance(value, bool) else repr(value)


def _native(value: Value) -> Value:
    # Members of a string enum have a `repr` of their own.
    if isinstance(value, dict):
        return {str(key): _native(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_native(item) for item in value]
    return str(value) if isinstance(value, str) else value
