"""JSON Schemas of values, rows and tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from servespec.emit.quoted import Data
from servespec.models import Column, Face, Tensor

Schema: TypeAlias = "dict[str, Data]"
ANY: Schema = {}
_WHOLE = {"UINT8": (0, 8), "UINT16": (0, 16), "UINT32": (0, 32), "UINT64": (0, 64),
          "INT8": (7, 7), "INT16": (15, 15), "INT32": (31, 31), "INT64": (63, 63)}  # fmt: skip
"""Bits below and above zero."""


def element(datatype: str) -> Schema:
    """One value."""
    if datatype in _WHOLE:
        below, above = _WHOLE[datatype]
        return {"type": "integer", "minimum": -(2**below) if below else 0, "maximum": 2**above - 1}
    kinds = {"BOOL": "boolean", "BYTES": "string"}
    return {"type": kinds.get(datatype, "number")}


def nested(datatype: str, shape: Iterable[int]) -> Schema:
    """Nested lists of a shape, -1 for any size."""
    found = element(datatype)
    for size in reversed(tuple(shape)):
        found = items(found, size=size)
    return found


def items(schema: Schema, *, size: int = -1) -> Schema:
    """A list, of so many items when that is known."""
    counted: dict[str, Data] = {"minItems": size, "maxItems": size} if size >= 0 else {}
    return {"type": "array", "items": schema, **counted}


def record(properties: Mapping[str, Data]) -> Schema:
    """A map with just these keys."""
    closed: dict[str, Data] = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", "properties": dict(properties), **closed}


def either(*schemas: Schema) -> Schema:
    """One of these, or the only one."""
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def listed(face: Face) -> Schema:
    """One row as a list: of columns, where each has its place, or of a lone tensor."""
    if len(face.tensors) == 1:
        return nested(face.tensors[0].datatype, face.tensors[0].shape[1:])
    values: list[Data] = [element(item.datatype) for item in face.columns]
    return {"type": "array", "prefixItems": values, "items": False, "minItems": len(values)}


def named(face: Face) -> Schema:
    """One row as a map, each column or tensor by its name."""
    columns = {item.name: element(item.datatype) for item in face.columns}
    return record(columns or {item.name: nested(item.datatype, item.shape[1:]) for item in face.tensors})


def tensors(found: Iterable[Tensor | Column]) -> dict[str, Data]:
    """Whole tensors by name; a column is one with one value a row."""
    return {item.name: nested(item.datatype, item.shape if isinstance(item, Tensor) else (-1, 1)) for item in found}
