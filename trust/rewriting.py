"""The same spec, written by somebody else."""

from __future__ import annotations

import json

import yaml

# In these the order of keys is part of what is said: a row of numbers bears no names.
_ORDERED = frozenset({"columns"})


def rewritten(text: str) -> str:
    """The same spec with its keys in the opposite order, in flow style, with comments."""
    lines = json.dumps(turned(yaml.safe_load(text)), indent=3).splitlines()
    return "\n".join(f"{line}   # ünimportant" for line in lines)


def turned(value: object) -> object:
    """The value with the keys of its maps in the opposite order."""
    match value:
        case dict():
            return {key: item if key in _ORDERED else turned(item) for key, item in reversed(value.items())}
        case list():
            return [turned(item) for item in value]
        case _:
            return value
