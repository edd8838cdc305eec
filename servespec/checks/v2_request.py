"""A request of the Open Inference Protocol against a signature: what does not fit, and where.

Read 2026-11:
https://github.com/open-inference/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from servespec.checks.wording import shown
from servespec.models import Face
from servespec.spans import Route, Value


def misfits(request: Value, inputs: Face | None) -> Iterator[tuple[Route, str]]:
    """Places in the request, each with what is wrong there; nothing is said of what is no such request at all."""
    given = request.get("inputs") if isinstance(request, dict) else None
    if not isinstance(given, list):
        yield (), "no list `inputs` in it, as the server's protocol has it"
        return
    wanted = _wanted(inputs) if inputs else None
    names = [item.get("name") if isinstance(item, dict) else None for item in given]
    for index, item in enumerate(given):
        at: Route = ("inputs", index)
        if not isinstance(item, dict) or not isinstance(names[index], str):
            yield at, "an input is a map with `name`, `shape`, `datatype` and `data`"
        elif wanted is not None and names[index] not in wanted:
            yield (*at, "name"), f"the signature has no input {shown(str(names[index]), 20)}"
        else:
            size = wanted[str(names[index])] if wanted is not None else None
            yield from (((*at, *route), words) for route, words in _input(item, size))
    for name in wanted or ():
        if name not in names:
            yield ("inputs",), f"no {shown(name, 20)}, which the signature has"


def _wanted(inputs: Face) -> dict[str, tuple[int, ...] | None]:
    """The shape of each input; a column may come as `[rows]` or as `[rows, 1]`."""
    columns: dict[str, tuple[int, ...] | None] = {column.name: None for column in inputs.columns}
    return columns or {tensor.name: tensor.shape for tensor in inputs.tensors}


def _input(item: dict[str, Value], wanted: Sequence[int] | None) -> Iterator[tuple[Route, str]]:
    shape, data = item.get("shape"), item.get("data")
    if not isinstance(shape, list) or not all(isinstance(size, int) and size >= 0 for size in shape):
        yield ("shape",) if "shape" in item else (), "an input has a `shape`, a list of sizes"
        return
    if "data" not in item:
        yield (), "an input has `data`, its values"
        return
    sizes = [int(size) for size in shape if isinstance(size, int)]
    if wanted is not None and not _fits(sizes, wanted):
        yield ("shape",), f"the signature says {list(wanted)}"
    elif isinstance(data, list) and _count(data) != math.prod(sizes):
        yield ("data",), f"{_count(data)} values, where the shape makes {math.prod(sizes)}"


def _fits(sizes: Sequence[int], wanted: Sequence[int]) -> bool:
    return len(sizes) == len(wanted) and all(want in (-1, size) for size, want in zip(sizes, wanted, strict=True))


def _count(data: Value) -> int:
    return sum(_count(item) for item in data) if isinstance(data, list) else 1
