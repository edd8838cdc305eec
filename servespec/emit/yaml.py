"""YAML that a reader of 1.1 and one of 1.2 take for the same data."""

from __future__ import annotations

import re
from functools import lru_cache

from servespec.artifacts import Content
from servespec.emit.lines import Lines, Origins, number
from servespec.emit.quoted import Data, Traced, Unwritable, plain, unwrap

# Plain are only words that start with a letter (or are a path), so that no number, date or time of any
# version can be among them, and that are none of the words which some version reads as something else.
_PLAIN = re.compile(r"/?[A-Za-z](?:[A-Za-z0-9_./-]*[A-Za-z0-9])?")
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"))

# Everything else is double-quoted. What is not printable (YAML 1.2, 5.1), ends a line for some reader, turns
# the direction of the text around or is not to be seen is escaped.
_ESCAPED = re.compile(
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff0-\uffff\U00010000-\U0010ffff]'
)
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SURROGATE = re.compile("[\ud800-\udfff]")

_LONGEST_KEY = 1000  # readers need not look further than 1024 characters for the colon of a key (YAML 1.2, 7.4)


def dump(data: Data, *, header: str = "", inherited: Origins = ()) -> Content:
    """One document, after comment lines of ours. Lines without origins of their own have the `inherited` ones."""
    lines = Lines()
    lines.comment(header)
    _document(data, lines, inherited)
    return lines.content(plain(data))


def compose_escape(data: Data) -> Data:
    """The data with `$` doubled in every value: Compose interpolates `$X` in values, and not in keys."""
    if isinstance(data, str):
        return data.replace("$", "$$")
    if isinstance(data, Traced):
        return Traced(compose_escape(data.value), data.origins)
    if isinstance(data, dict):
        return {key: compose_escape(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [compose_escape(value) for value in data]
    return data


def kubernetes_escape(text: str) -> str:
    """The text with `$` doubled, as env, command and args of a container want it: they expand `$(X)` and `$$`."""
    return text.replace("$", "$$")


def _document(data: Data, lines: Lines, inherited: Origins) -> None:
    value, origins = unwrap(data, inherited)
    if isinstance(value, dict | list) and value:
        _block(value, lines, origins, indent="", first="")
    else:
        lines.add(_leaf(value), origins)


def _block(value: list[Data] | dict[str, Data], lines: Lines, inherited: Origins, *, indent: str, first: str) -> None:
    # `first` is what stands before the first entry in place of the indentation: `- ` of a list around it.
    entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in entries:
        child, origins = unwrap(item, inherited)
        head = f"{first or indent}-" if key is None else f"{first or indent}{_key(key)}:"
        first = ""
        if not (isinstance(child, dict | list) and child):
            lines.add(f"{head} {_leaf(child)}", origins)
        elif key is None:
            _block(child, lines, origins, indent=f"{indent}  ", first=f"{head} ")
        else:
            lines.add(head, origins)
            _block(child, lines, origins, indent=f"{indent}  ", first="")


def _leaf(value: object) -> str:
    if isinstance(value, str):
        return string(str(value))
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        # A float of YAML 1.1 has a dot: `1e-07` would be a string.
        text = number(value)
        return text if "e" not in text or "." in text else text.replace("e", ".0e")
    return "{}" if isinstance(value, dict) else "[]"


def _key(key: str) -> str:
    text = string(str(key))
    if len(text) > _LONGEST_KEY:
        raise Unwritable("a key of more than 1000 characters is beyond what YAML readers look for")
    return text


@lru_cache(maxsize=8192)
def string(value: str) -> str:
    """The value as one scalar, plain where every reader takes that for it."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    if _SURROGATE.search(value):
        raise Unwritable("half of a surrogate pair is no character")
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    digits = f"x{code:02x}" if code < 0x100 else f"u{code:04x}" if code < 0x10000 else f"U{code:08x}"
    return _NAMED.get(match[0]) or f"\\{digits}"
