"""What the emitted handler needs to know of a signature."""

from __future__ import annotations

from servespec.deployment.types import Deployment, Face
from servespec.emit.quoted import Data

_TORCH = {
    "BOOL": "bool", "UINT8": "uint8", "INT8": "int8", "INT16": "int16", "INT32": "int32", "INT64": "int64",
    "FP16": "float16", "FP32": "float32", "FP64": "float64",
}  # fmt: skip
"""Datatypes of the Open Inference Protocol that a torch tensor has. Read: torch.dtype, torch 2.13, 2026-11."""


def handler_spec(deployment: Deployment) -> Data:
    """The literal of `templates/torchserve/handler.py`: datatype, shape and names of an instance, names of an answer.

    `shape` is that of one instance, without the batch, -1 for any size; None when there is no signature.
    """
    signature = deployment.signature
    if signature is None:
        return {"datatype": "float32", "shape": None, "columns": [], "outputs": []}
    return {
        "datatype": _TORCH.get(_datatype(signature.inputs), "float32"),
        "shape": list(_shape(signature.inputs)),
        "columns": [column.name for column in signature.inputs.columns],
        "outputs": [column.name for column in signature.outputs.columns] if signature.outputs else [],
    }


def _datatype(face: Face) -> str:
    # One tensor has one type: that of its columns, or the widest float that holds a mixture of them.
    types = {item.datatype for item in (*face.columns, *face.tensors)}
    return types.pop() if len(types) == 1 else "FP32"


def _shape(face: Face) -> tuple[int, ...]:
    return (len(face.columns),) if face.columns else face.tensors[0].shape[1:]
