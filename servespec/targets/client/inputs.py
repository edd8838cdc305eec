"""What a client is told of a model's inputs: by the signature, else by an example, else as servers have it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.facts import Facts
from servespec.models import Face, Tensor
from servespec.records import replace
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value
from servespec.targets.client.example import example

_LONE = Tensor("input-0", "FP32", (-1, -1))
"""Ran: MLServer 1.7.1 without a signature takes one array of any name. Others ask for the names of the model."""


def speaks_oip(deployment: Deployment) -> bool:
    """Whether the server is asked by the Open Inference Protocol."""
    path = SERVERS[deployment.runtime.server].predict_path
    return path is not None and path.value.startswith("/v2/")


def face(deployment: Deployment) -> Face | None:
    """The inputs as the signature has them."""
    return deployment.signature.inputs if deployment.signature else None


def tensors(deployment: Deployment) -> tuple[Tensor, ...]:
    """The inputs by their names; none when nobody can know them. A column is a tensor with one value a row."""
    inputs = face(deployment)
    if inputs is not None:
        return sent(deployment, inputs) or tuple(Tensor(item.name, item.datatype, (-1, 1)) for item in inputs.columns)
    if speaks_oip(deployment):
        takes_any = SERVERS[deployment.runtime.server].lone_input is not None
        return tuple(_seen(example(deployment).request)) or ((_LONE,) if takes_any else ())
    return ()


def sent(deployment: Deployment, found: Face) -> tuple[Tensor, ...]:
    """The tensors of a side in the shapes in which they travel: some servers take no value without a dimension, nor
    where requests are put together a row without one."""
    lone = SERVERS[deployment.runtime.server].lone_value
    if lone is None:
        return found.tensors
    bare = 1 if deployment.runtime.micro_batch.size > 1 else 0
    return tuple(
        replace(item, shape=(*item.shape, *lone.value)) if len(item.shape) <= bare else item for item in found.tensors
    )


def by_name(deployment: Deployment) -> dict[str, Data]:
    """The literal's part for inputs that are sent by their names."""
    inputs, why = face(deployment), _why(deployment)
    found: dict[str, Data] = {
        item.name: {"datatype": item.datatype, "shape": list(item.shape)} for item in tensors(deployment)
    }
    return {"inputs": traced(found, why), "columns": traced(bool(inputs and inputs.columns), why)}


def by_row(deployment: Deployment) -> dict[str, Data]:
    """The literal's part for inputs that are sent as rows: names of columns, and how deep rows are nested."""
    inputs, why = face(deployment), _why(deployment)
    columns: list[Data] = [item.name for item in inputs.columns] if inputs else []
    deep = len(inputs.tensors[0].shape) if inputs and inputs.tensors else 2
    return {"columns": traced(columns, why), "depth": traced(deep, why)}


def own_columns(deployment: Deployment, facts: Facts) -> list[Data]:
    """The columns that the model itself names, or named when it was locked; none where it knows them by their places.
    A server that looks for them by these names takes no row without."""
    model = deployment.model
    said = facts.model(model_file(model, facts))
    signature = said.signature if said else model.locked.signature if model.locked else None
    names = [column.name for column in signature.inputs.columns] if signature else []
    return [] if names == [str(place) for place in range(len(names))] else list(names)


def _why(deployment: Deployment) -> Origin:
    return "signature.inputs" if deployment.signature else "examples" if deployment.examples else "runtime.server"


def _seen(request: Value) -> Iterator[Tensor]:
    """The inputs of a request, any number of rows of each."""
    given = request.get("inputs") if isinstance(request, dict) else None
    for item in given if isinstance(given, list) else ():
        if isinstance(item, dict) and isinstance(shape := item.get("shape"), list):
            sizes = tuple(size for size in shape if isinstance(size, int))
            yield Tensor(str(item.get("name")), str(item.get("datatype")), (-1, *sizes[1:]))
