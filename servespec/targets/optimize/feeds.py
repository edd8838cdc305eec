"""The requests of the examples as what the model itself is given: data and shape by input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.models import Face
from servespec.spans import Value
from servespec.targets.answered import answered

Feed = Mapping[str, Mapping[str, Value]]


def feeds(deployment: Deployment) -> Iterator[Data]:
    """The feed of each example that is to be answered and that says which value is which input's: by the Open Inference
    Protocol, or as rows in `instances` or `features`."""
    assert deployment.signature is not None
    for index, request in answered(deployment):
        if feed := _feed(request, deployment.signature.inputs):
            yield traced({name: dict(item) for name, item in feed.items()}, f"examples[{index}].request")


def _feed(request: Value, inputs: Face) -> Feed | None:
    names = {item.name for item in inputs.columns or inputs.tensors}
    if not isinstance(request, dict):
        return None
    if isinstance(items := request.get("inputs"), list):
        feed = {str(item.get("name")): _tensor(item, inputs) for item in items if isinstance(item, dict)}
        return feed if set(feed) == names else None
    rows = request.get("instances") if "instances" in request else [request.get("features")]
    if not isinstance(rows, list) or not rows or rows == [None]:
        return None
    return _columns(rows, inputs) if inputs.columns else _instances(rows, inputs)


def _tensor(item: dict[str, Value], inputs: Face) -> Mapping[str, Value]:
    data, shape = item.get("data"), item.get("shape")
    # A column may come as `[rows]` too.
    return {"data": data, "shape": [-1, 1] if inputs.columns else shape}


def _instances(rows: list[Value], inputs: Face) -> Feed | None:
    return {inputs.tensors[0].name: {"data": rows, "shape": None}} if len(inputs.tensors) == 1 else None


def _columns(rows: list[Value], inputs: Face) -> Feed | None:
    """The columns of rows, each of which is a list in their order or a map by their names."""
    names = [column.name for column in inputs.columns]
    found = [[row[name] for name in names] if _has(row, names) else row for row in rows]  # type: ignore[call-overload,index]
    if not all(isinstance(row, list) and len(row) == len(names) for row in found):
        return None
    columns = zip(*(row for row in found if isinstance(row, list)), strict=True)
    return {name: {"data": list(column), "shape": [-1, 1]} for name, column in zip(names, columns, strict=True)}


def _has(row: Value, names: list[str]) -> bool:
    return isinstance(row, dict) and set(row) == set(names)
