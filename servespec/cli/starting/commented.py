"""What stands in the comments of a first spec: a signature and an example, in the forms that its server takes."""

from __future__ import annotations

import json
import math

from servespec.models import Column, Face, Inspection, Tensor
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value

_MOST_VALUES = 32  # more make no line that anybody reads
_TABLE = Face((Column("amount", "FP32"), Column("hour", "FP32")), ())


def signature(server: str, said: Inspection | None) -> str:
    """A signature to begin with, for a model that does not tell its own."""
    face = _guessed(server, said)
    if face.columns:
        columns = ", ".join(f"{item.name}: {item.datatype}" for item in face.columns)
        sides = f"  inputs: {{columns: {{{columns}}}}}\n  outputs: {{columns: {{probability: FP32}}}}"
    else:
        (tensor,) = face.tensors
        shape = f"[{', '.join(map(str, tensor.shape))}]"
        sides = f"  inputs: {{tensors: [{{name: {tensor.name}, datatype: {tensor.datatype}, shape: {shape}}}]}}"
    return f"What goes in and what comes out: handlers and clients come from it.\nsignature:\n{sides}\n"


def example(server: str, said: Inspection | None, *, told: bool) -> str:
    """An example, of the inputs that the model tells, or else of those of `signature`."""
    head = "Requests with the answers they must get: `servespec smoke` sends them."
    face = said.signature.inputs if told and said and said.signature else _guessed(server, said)
    if sum(_size(item.shape) for item in face.tensors) > _MOST_VALUES:
        return f"{head}\nSee `servespec explain examples`."
    request = json.dumps(_request(server, face))
    return (
        f"{head}\nexamples:\n  - name: the first\n    request: {request}\n"
        "    # expect: the answer, as the server gives it; without it any answer is right"
    )


def features(said: Inspection | None) -> tuple[Column, ...]:
    """What a row has: as many columns as the model takes, by names to begin with where it keeps them to itself."""
    inputs = said.signature.inputs if said and said.signature else Face((), ())
    if inputs.columns or len(inputs.tensors) > 1:
        return inputs.columns or tuple(Column(item.name, item.datatype) for item in inputs.tensors)
    width = _width(inputs)
    return tuple(Column(f"feature_{n}", "FP32") for n in range(1, width + 1)) if width else _TABLE.columns


def event(said: Inspection | None) -> str:
    """An example of a stream, with the fields that are read."""
    request = json.dumps({item.name: _value(item.datatype) for item in features(said)})
    return (
        "Events, with the predictions that must come of them: `servespec smoke` sends them.\n"
        f"examples:\n  - name: the first\n    request: {request}\n    expect: {{prediction: 0}}"
    )


def _guessed(server: str, said: Inspection | None) -> Face:
    if not _is_open_inference(server):
        return _TABLE
    width = (_width(said.signature.inputs) if said and said.signature else None) or len(_TABLE.columns)
    return Face((), (Tensor("input", "FP32", (-1, width)),))


def _width(inputs: Face) -> int | None:
    """How many values a row has, as far as a model says that."""
    shapes = [item.shape for item in inputs.tensors]
    lone = len(shapes) == 1 and len(shapes[0]) == 2 and shapes[0][1] > 0
    return shapes[0][1] if lone else len(inputs.columns) or None


def _is_open_inference(server: str) -> bool:
    path = SERVERS[server].predict_path
    return path is not None and path.value.startswith("/v2/")


def _request(server: str, face: Face) -> Value:
    if _is_open_inference(server):
        return {"inputs": [_tensor(item.name, item.datatype, item.shape) for item in _tensors(face)]}
    values = {item.name: _value(item.datatype) for item in face.columns}
    if values and server == "mlflow":
        return {"dataframe_split": {"columns": list(values), "data": [list(values.values())]}}
    rows = {item.name: _nested(item.datatype, item.shape[1:]) for item in face.tensors}
    named: Value = dict(rows)
    row: Value = list(values.values()) if values else next(iter(rows.values())) if len(rows) == 1 else named
    return {"instances": [row]}


def _tensors(face: Face) -> tuple[Tensor, ...]:
    return face.tensors or tuple(Tensor(item.name, item.datatype, (-1,)) for item in face.columns)


def _tensor(name: str, datatype: str, shape: tuple[int, ...]) -> Value:
    data: Value = [_value(datatype)] * _size(shape)
    return {"name": name, "shape": [abs(size) for size in shape], "datatype": datatype, "data": data}


def _size(shape: tuple[int, ...]) -> int:
    """How many values one row has: -1 is any number, so one will do."""
    return math.prod(abs(size) for size in shape)


def _nested(datatype: str, shape: tuple[int, ...]) -> Value:
    return [_nested(datatype, shape[1:])] * abs(shape[0]) if shape else _value(datatype)


def _value(datatype: str) -> Value:
    if datatype == "BYTES":
        return "a"
    return True if datatype == "BOOL" else 0.5 if datatype.startswith(("FP", "BF")) else 1
