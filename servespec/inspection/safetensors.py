"""safetensors: the names, types and shapes in its header, by https://github.com/huggingface/safetensors."""

from __future__ import annotations

from servespec.inspection.blob import Blob
from servespec.inspection.faces import sizes, weights
from servespec.inspection.jsontext import mapping, parsed, text
from servespec.inspection.types import Malformed, TooMuch
from servespec.models import Inspection, Tensor

MAX_HEADER = 1 << 24
_LENGTH = 8
_DATATYPES = {
    "F64": "FP64", "F32": "FP32", "F16": "FP16", "I64": "INT64", "I32": "INT32", "I16": "INT16", "I8": "INT8",
    "U64": "UINT64", "U32": "UINT32", "U16": "UINT16", "U8": "UINT8",
}  # fmt: skip


def read(blob: Blob) -> Inspection:
    """What a safetensors file says."""
    length = int.from_bytes(blob.read(0, _LENGTH), "little")
    if length > MAX_HEADER:
        raise TooMuch(f"has a header of more than {MAX_HEADER >> 20} MiB")
    header = mapping(parsed(blob.read(_LENGTH, length)))
    notes = mapping(header.pop("__metadata__", {}))
    tensors = tuple(_tensor(name, mapping(value)) for name, value in sorted(header.items()))
    rows = ((f"metadata {key}", text(value)) for key, value in sorted(notes.items()))
    return Inspection("safetensors", None, details=(*rows, *weights(tensors)))


def _tensor(name: str, fields: dict[str, object]) -> Tensor:
    kind, shape = fields.get("dtype"), fields.get("shape")
    if not isinstance(kind, str) or not isinstance(shape, list):
        raise Malformed(f"has a tensor without type or shape: {name[:100]}")
    return Tensor(name, _DATATYPES.get(kind, kind), sizes(shape))
