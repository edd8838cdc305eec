"""A request of the Open Inference Protocol against a signature: what does not fit, and where.

Read 2026-11:
https://github.com/open-inference/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from servespec.checks.wording import shown
from servespec.models import Face
from servespec.records import dataclass, replace
from servespec.spans import Route, Value


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place in a request, with what is wrong there."""

    route: Route
    words: str
    of_signature: bool = False
    """Whether it is the signature that says so; else the request does not fit itself."""


def misfits(request: Value, inputs: Face | None) -> Iterator[Misfit]:
    """What is wrong in the request; nothing is said of what is no such request at all."""
    given = request.get("inputs") if isinstance(request, dict) else None
    if not isinstance(given, list):
        yield Misfit((), "no list `inputs` in it, as the server's protocol has it")
        return
    wanted = _wanted(inputs) if inputs else None
    names = [item.get("name") if isinstance(item, dict) else None for item in given]
    for index, item in enumerate(given):
        at: Route = ("inputs", index)
        if not isinstance(item, dict) or not isinstance(names[index], str):
            yield Misfit(at, "an input is a map with `name`, `shape`, `datatype` and `data`")
        elif wanted is not None and names[index] not in wanted:
            words = f"the signature has no input {shown(str(names[index]), 20)}"
            yield Misfit((*at, "name"), words, of_signature=True)
        else:
            size = wanted[str(names[index])] if wanted is not None else None
            yield from (replace(misfit, route=(*at, *misfit.route)) for misfit in _input(item, size))
    for name in wanted or ():
        if name not in names:
            yield Misfit(("inputs",), f"no {shown(name, 20)}, which the signature has", of_signature=True)


def _wanted(inputs: Face) -> dict[str, tuple[int, ...] | None]:
    """The shape of each input; a column may come as `[rows]` or as `[rows, 1]`."""
    columns: dict[str, tuple[int, ...] | None] = {column.name: None for column in inputs.columns}
    return columns or {tensor.name: tensor.shape for tensor in inputs.tensors}


def _input(item: dict[str, Value], wanted: Sequence[int] | None) -> Iterator[Misfit]:
    shape, data = item.get("shape"), item.get("data")
    if not isinstance(shape, list) or not all(isinstance(size, int) and size >= 0 for size in shape):
        yield Misfit(("shape",) if "shape" in item else (), "an input has a `shape`, a list of sizes")
        return
    if "data" not in item:
        yield Misfit((), "an input has `data`, its values")
        return
    sizes = [int(size) for size in shape if isinstance(size, int)]
    if wanted is not None and not _fits(sizes, wanted):
        yield Misfit(("shape",), f"the signature says {list(wanted)}", of_signature=True)
    elif isinstance(data, list) and _count(data) != math.prod(sizes):
        yield Misfit(("data",), f"{_count(data)} values, where the shape makes {math.prod(sizes)}")


def _fits(sizes: Sequence[int], wanted: Sequence[int]) -> bool:
    return len(sizes) == len(wanted) and all(want in (-1, size) for size, want in zip(sizes, wanted, strict=True))


def _count(data: Value) -> int:
    return sum(_count(item) for item in data) if isinstance(data, list) else 1
