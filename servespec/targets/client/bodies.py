"""JSON Schemas of a request and of its answer, as each server has them."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data
from servespec.models import Face
from servespec.targets.client import schemas
from servespec.targets.client.inputs import face, sent, speaks_oip
from servespec.targets.client.schemas import ANY, Schema, either, items, listed, named, record


def bodies(deployment: Deployment) -> tuple[Schema, Schema]:
    """The schemas of a request and of an answer."""
    if speaks_oip(deployment):
        return _oip_request(deployment), _oip_answer(deployment)
    match deployment.runtime.server:
        case "tf-serving":
            return _tf_request(face(deployment)), _tf_answer(_outputs(deployment))
        case "mlflow":
            return _mlflow_request(face(deployment)), _keyed({"predictions": ANY}, "predictions")
    return _rows_request(deployment), _rows_answer(deployment)


def _outputs(deployment: Deployment) -> Face | None:
    return deployment.signature.outputs if deployment.signature else None


def _keyed(properties: Mapping[str, Data], *required: str) -> Schema:
    """A map that has these keys, and maybe others."""
    needed: dict[str, Data] = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), **needed}


def _one_of(properties: Mapping[str, Data], *ways: str) -> Schema:
    """A map that has just one of these keys, and maybe others."""
    choices: list[Data] = [{"required": [name]} for name in ways]
    return {**_keyed(properties), "oneOf": choices}


def _oip_tensors(deployment: Deployment, found: Face | None) -> list[Schema]:
    """Tensors as the Open Inference Protocol has them: a column is one with one value a row."""
    if found is None:
        return []
    named = [(item.name, item.datatype, len(item.shape)) for item in sent(deployment, found)]
    return [_oip_tensor(*item) for item in named] or [_oip_tensor(item.name, item.datatype) for item in found.columns]


def _oip_tensor(name: str | None = None, datatype: str | None = None, rank: int = -1) -> Schema:
    """One tensor: its data are flat, or nested as the shape says."""
    values = either(schemas.element(datatype), {"type": "array"}) if datatype else ANY
    of_type: Schema = {"type": "string", "default": datatype} if datatype else {"type": "string"}
    return _keyed(
        {
            "name": {"const": name} if name else {"type": "string"},
            "shape": items({"type": "integer", "minimum": 0}, size=rank),
            "datatype": of_type,
            "data": {"type": "array", "items": values},
        },
        *("name", "shape", "datatype", "data"),
    )


def _oip_request(deployment: Deployment) -> Schema:
    known = _oip_tensors(deployment, face(deployment))
    given = items({"anyOf": known}, size=len(known)) if known else items({"anyOf": [_oip_tensor()]})
    wanted = items(_keyed({"name": {"type": "string"}}, "name"))
    return _keyed({"inputs": given, "outputs": wanted, "id": {"type": "string"}}, "inputs")


def _oip_answer(deployment: Deployment) -> Schema:
    known = _oip_tensors(deployment, _outputs(deployment)) or [_oip_tensor()]
    return _keyed({"model_name": {"type": "string"}, "outputs": items({"anyOf": known})}, "model_name", "outputs")


def _tf_request(inputs: Face | None) -> Schema:
    whole = ANY
    if inputs:
        lone = [schemas.nested(item.datatype, item.shape) for item in inputs.tensors if len(inputs.tensors) == 1]
        whole = either(*lone, record(schemas.tensors(inputs.tensors or inputs.columns)))
    rows = {"instances": items(_tf_row(inputs)), "inputs": whole}
    return _one_of({**rows, "signature_name": {"type": "string"}}, *rows)


def _tf_row(face: Face | None) -> Schema:
    """One row, without a name where there is a lone tensor; how columns are taken is the model's to say."""
    if face is None or not face.tensors:
        return ANY
    return either(listed(face), named(face)) if len(face.tensors) == 1 else named(face)


def _tf_answer(outputs: Face | None) -> Schema:
    return _one_of({"predictions": items(_tf_row(outputs)), "outputs": ANY}, "predictions", "outputs")


def _mlflow_request(inputs: Face | None) -> Schema:
    names: list[Data] = [item.name for item in inputs.columns] if inputs else []
    table = record({"columns": items({"enum": names} if names else ANY), "data": items({"type": "array"})})
    table["properties"] = {**_properties(table), "index": {"type": "array"}}
    ways: dict[str, Data] = {
        "dataframe_split": table,
        "dataframe_records": items({"type": "object"}),
        "instances": ANY,
        "inputs": ANY,
    }
    return _one_of({**ways, "params": {"type": "object"}}, *ways)


def _properties(schema: Schema) -> dict[str, Data]:
    found = schema["properties"]
    assert isinstance(found, dict)
    return found


def _rows_request(deployment: Deployment) -> Schema:
    """Rows as the emitted handler takes them; one of your own may take something else."""
    inputs = face(deployment)
    row = listed(inputs) if inputs else ANY
    properties: dict[str, Data] = {"instances": items(row), "features": row}
    return {"properties": properties} if deployment.model.handler else _one_of(properties, "instances", "features")


def _rows_answer(deployment: Deployment) -> Schema:
    outputs = _outputs(deployment)
    properties: dict[str, Data] = {"predictions": items(named(outputs) if outputs else ANY)}
    return {"properties": properties} if deployment.model.handler else _keyed(properties, "predictions")
