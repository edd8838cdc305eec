"""What a model says of itself, as blocks of a first spec: only what is whole, so that nothing has to be guessed."""

from __future__ import annotations

from typing import get_args

from servespec.emit.quoted import Data
from servespec.models import Face, Inspection
from servespec.runtimes.catalog import SERVERS
from servespec.spec.signature import Datatype

_DATATYPES = get_args(Datatype)


def signature(said: Inspection | None) -> Data | None:
    """The signature, when names, datatypes and shapes of its inputs are all told; the outputs if theirs are."""
    inputs = _face(said.signature.inputs) if said and said.signature else None
    if inputs is None or said is None or said.signature is None:
        return None
    outputs = _face(said.signature.outputs) if said.signature.outputs else None
    return {"inputs": inputs, "outputs": outputs} if outputs else {"inputs": inputs}


def framework(said: Inspection | None, *, server: str, model_format: str) -> Data | None:
    """The library that saved the model, when it is the one that the server brings for models of the format."""
    companions = SERVERS[server].companions.get(model_format)
    brought = companions.value[0].partition("==")[0] if companions else ""
    if said is None or said.framework is None or said.framework.name != brought:
        return None
    return {"name": said.framework.name, "version": said.framework.version}


def _face(face: Face) -> Data | None:
    columns: dict[str, Data] = {item.name: item.datatype for item in face.columns}
    tensors: list[Data] = [
        {"name": item.name, "datatype": item.datatype, "shape": list(item.shape)}
        for item in face.tensors
        if item.name and item.shape[:1] == (-1,)
    ]
    datatypes = {*(item.datatype for item in face.columns), *(item.datatype for item in face.tensors)}
    if not datatypes.issubset(_DATATYPES) or len(columns) < len(face.columns) or len(tensors) < len(face.tensors):
        return None
    return {"columns": columns} if columns else {"tensors": tensors} if tensors else None
