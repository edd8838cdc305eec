"""What the emitted handler needs to know of a signature."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data
from servespec.models import Column, Face, Tensor
from servespec.runtimes.torchserve import DATATYPES


def handler_spec(deployment: Deployment) -> Data:
    """The literal of `templates/torchserve/handler.py`: datatype, shape and names of an instance, names of an answer.

    `shape` is that of one instance, without the batch, -1 for any size; None when there is no signature. `whole` says
    that an output has one name, however many numbers it is. A check has seen to it that the inputs are one tensor of
    one datatype.
    """
    signature = deployment.signature
    if signature is None:
        return {"datatype": "float32", "shape": None, "columns": [], "outputs": [], "whole": False}
    inputs, outputs = signature.inputs, signature.outputs
    return {
        "datatype": DATATYPES.value[_items(inputs)[0].datatype],
        "shape": list(_shape(inputs)),
        "columns": [column.name for column in inputs.columns],
        "outputs": [item.name for item in _items(outputs)] if outputs else [],
        "whole": outputs is not None and len(outputs.tensors) == 1,
    }


def _items(face: Face) -> tuple[Column | Tensor, ...]:
    return face.columns or face.tensors


def _shape(face: Face) -> tuple[int, ...]:
    return (len(face.columns),) if face.columns else face.tensors[0].shape[1:]
