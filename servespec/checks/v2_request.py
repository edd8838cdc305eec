"""A request of the Open Inference Protocol against what the model takes: what does not fit, and where.

Read 2026-11:
https://github.com/open-inference/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from servespec.checks.taken_inputs import Taken
from servespec.checks.wording import shown
from servespec.models import Face
from servespec.records import dataclass, replace
from servespec.spans import Route, Value


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place in a request, with what is wrong there."""

    route: Route
    words: str
    of_inputs: bool = False
    """Whether it is the signature, or the model, that says so; else the request does not fit itself."""


@dataclass(frozen=True)
class _Wanted:
    """An input of the model."""

    datatype: str
    shape: tuple[int, ...] | None
    """None for a column, which may come as `[rows]` or as `[rows, 1]`."""


def misfits(request: Value, taken: Taken | None, kinds: Mapping[str, str]) -> Iterator[Misfit]:
    """What is wrong in the request; nothing is said of what is no such request at all. The server casts
    datatypes of one kind into each other."""
    given = request.get("inputs") if isinstance(request, dict) else None
    if not isinstance(given, list):
        yield Misfit((), "no list `inputs` in it, as the server's protocol has it")
        return
    wanted = _wanted(taken.face) if taken else None
    source = taken.source if taken else ""
    names = [item.get("name") if isinstance(item, dict) else None for item in given]
    for index, item in enumerate(given):
        at: Route = ("inputs", index)
        if not isinstance(item, dict) or not isinstance(names[index], str):
            yield Misfit(at, "an input is a map with `name`, `shape`, `datatype` and `data`")
        elif wanted is not None and names[index] not in wanted:
            words = f"the {source} has no input {shown(str(names[index]), 20)}"
            yield Misfit((*at, "name"), words, of_inputs=True)
        else:
            one = wanted[str(names[index])] if wanted is not None else None
            found = [*_input(item, one, source), *_datatype(item.get("datatype"), one, kinds, source=source)]
            yield from (replace(misfit, route=(*at, *misfit.route)) for misfit in found)
    for name in wanted or ():
        if name not in names:
            yield Misfit(("inputs",), f"no {shown(name, 20)}, which the {source} has", of_inputs=True)


def _wanted(inputs: Face) -> dict[str, _Wanted]:
    columns = {column.name: _Wanted(column.datatype, None) for column in inputs.columns}
    return columns or {tensor.name: _Wanted(tensor.datatype, tensor.shape or None) for tensor in inputs.tensors}


def _input(item: dict[str, Value], wanted: _Wanted | None, source: str) -> Iterator[Misfit]:
    shape, data = item.get("shape"), item.get("data")
    if not isinstance(shape, list) or not all(isinstance(size, int) and size >= 0 for size in shape):
        yield Misfit(("shape",) if "shape" in item else (), "an input has a `shape`, a list of sizes")
        return
    if "data" not in item:
        yield Misfit((), "an input has `data`, its values")
        return
    sizes = [int(size) for size in shape if isinstance(size, int)]
    if wanted and wanted.shape is not None and not _fits(sizes, wanted.shape):
        yield Misfit(("shape",), f"the {source} says {list(wanted.shape)}", of_inputs=True)
    elif isinstance(data, list) and _count(data) != math.prod(sizes):
        yield Misfit(("data",), f"{_count(data)} values, where the shape makes {math.prod(sizes)}")


def _datatype(given: Value, wanted: _Wanted | None, kinds: Mapping[str, str], *, source: str) -> Iterator[Misfit]:
    kind = kinds.get(given) if isinstance(given, str) else None
    if kind and wanted and kinds.get(wanted.datatype, kind) != kind:
        yield Misfit(("datatype",), f"the {source} says {wanted.datatype}", of_inputs=True)


def _fits(sizes: list[int], wanted: tuple[int, ...]) -> bool:
    return len(sizes) == len(wanted) and all(want in (-1, size) for size, want in zip(sizes, wanted, strict=True))


def _count(data: Value) -> int:
    return sum(_count(item) for item in data) if isinstance(data, list) else 1
