"""The example that a client sends by itself."""

from __future__ import annotations

import math
from typing import Any, cast

from servespec.artifacts import Origin
from servespec.deployment.types import Deployment, Example
from servespec.records import dataclass
from servespec.spans import Value

_MOST_LEVELS = 40  # a literal of Python takes no more than some eighty, and no tensor has so many dimensions
_ERRORS = frozenset({"error", "error_code"})


@dataclass(frozen=True)
class Chosen:
    """A request, and why it is this one; None where there is none that a client could send."""

    request: Value
    why: Origin


def example(deployment: Deployment) -> Chosen:
    """The first request that is to be answered."""
    for index, item in enumerate(deployment.examples):
        if is_answered(item) and _levels(item.request) <= _MOST_LEVELS:
            return Chosen(item.request, f"examples[{index}].request")
    return Chosen(None, "examples")


def is_answered(item: Example) -> bool:
    """Whether an example shows a request that is right, not one that gets an error."""
    return not (isinstance(item.expect, dict) and _ERRORS & item.expect.keys())


def _levels(value: Value) -> int:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_levels, below), default=0)


def as_tensors(request: Value) -> Value:
    """The inputs of a request by the Open Inference Protocol, or in one of TensorFlow Serving's two forms, as nested
    lists by their names; None when it has no names."""
    body = request if isinstance(request, dict) else {}
    inputs, rows = body.get("inputs"), body.get("instances")
    if isinstance(inputs, dict):
        return inputs
    if isinstance(inputs, list) and inputs and all(map(_is_tensor, inputs)):
        items = cast("list[dict[str, Any]]", inputs)
        return {str(item["name"]): nested(_flat(item["data"]), item["shape"]) for item in items}
    if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
        table = cast("list[dict[str, Value]]", rows)
        return {name: [row.get(name) for row in table] for name in table[0]}
    return None


def _is_tensor(item: Value) -> bool:
    """Whether an input says its name, its sizes, and as many values as these make."""
    if not isinstance(item, dict) or not {"name", "shape", "data"} <= item.keys():
        return False
    shape = item["shape"]
    if not isinstance(shape, list) or not all(isinstance(size, int) and size >= 0 for size in shape):
        return False
    return len(_flat(item["data"])) == math.prod(cast("list[int]", shape))


def nested(data: list[Any], shape: list[int]) -> Any:
    """The data as nested lists of these lengths."""
    if not shape:
        return data[0]
    for size in reversed(shape[1:]):
        data = [data[start : start + size] for start in range(0, len(data), max(size, 1))]
    return data


def _flat(data: Any) -> list[Any]:
    return [value for item in data for value in _flat(item)] if isinstance(data, list) else [data]
