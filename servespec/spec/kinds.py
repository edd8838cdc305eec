"""What a value is, in words."""

from __future__ import annotations

from servespec.spans import Value


def kind_of(value: Value) -> str:
    """What a value is, in words: `a list`."""
    names = {
        bool: "a boolean",
        int: "a number",
        float: "a number",
        str: "text",
        list: "a list",
        dict: "a map",
    }
    return names.get(type(value), "nothing")
