"""Reads JSON back."""

from __future__ import annotations

import json

from servespec.artifacts import Content
from servespec.verify.compare import Difference, Unreadable, data_difference


def check(content: Content) -> Difference | None:
    """The first difference between the data and what is read."""
    return data_difference(content.expected, read(content.text))


def read(text: str) -> object:
    """The document; Unreadable for a key that is there twice, and for what is no number in RFC 8259."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"no JSON: {error}") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("a key is there twice")
    return found


def _no_constant(name: str) -> object:
    raise Unreadable(f"{name} is no number")
