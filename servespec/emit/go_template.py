"""Data that a controller reads as one of Go's templates (text/template), as KServe does a runtime's container."""

from __future__ import annotations

from servespec.emit.quoted import Data, Traced

_OPENS = "{{"
_OPENED = "{{`{{`}}"


def literal(data: Data) -> Data:
    """The data with every `{{` of its texts as an action that prints it. Nothing else begins one."""
    if isinstance(data, str):
        return data.replace(_OPENS, _OPENED)
    if isinstance(data, Traced):
        return Traced(literal(data.value), data.origins)
    if isinstance(data, dict):
        return {key: literal(value) for key, value in data.items()}
    return [literal(value) for value in data] if isinstance(data, list | tuple) else data
