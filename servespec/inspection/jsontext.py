"""JSON from files that nobody vouches for."""

from __future__ import annotations

import json

from servespec.inspection.types import Malformed


def parsed(data: bytes | str) -> object:
    """The value of a JSON text."""
    try:
        return json.loads(data)
    # RecursionError: nested thousands deep. UnicodeDecodeError and numbers of thousands of digits are ValueErrors.
    except (ValueError, RecursionError):
        raise Malformed("is damaged, or no JSON") from None


def mapping(value: object) -> dict[str, object]:
    """A JSON object, which is what stands there in every sound file."""
    if not isinstance(value, dict):
        raise Malformed("is not laid out as it should be")
    return value


def listed(value: object) -> list[object]:
    """The elements of a list; nothing for anything else."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """What stands there as a text; empty for nothing, and for anything with something in it."""
    return str(value) if isinstance(value, str | int | float) else ""


def at(value: object, *path: str) -> object:
    """What stands at a path of keys; None when there is nothing."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
