"""Where a signature that was written disagrees with the one that a model's own files tell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from servespec.diagnostics.wording import shown
from servespec.models import Column, Face, Signature, Tensor
from servespec.records import dataclass, replace
from servespec.spans import Route


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One disagreement."""

    route: Route
    """The place in the spec, from its root."""
    text: str
    """What the model says of it: `the model takes FP32`."""


def signature_difference(spec: Signature, model: Signature, *, optional: tuple[str, ...] = ()) -> tuple[Mismatch, ...]:
    """Every disagreement, inputs first. What one of the two does not say is not one, nor is an optional column."""
    written = {column.name for column in spec.inputs.columns}
    asked = tuple(item for item in model.inputs.columns if item.name in written or item.name not in optional)
    found = [*_faces(spec.inputs, replace(model.inputs, columns=asked), side="inputs")]
    if spec.outputs and model.outputs:
        found += _faces(spec.outputs, model.outputs, side="outputs")
    return tuple(found)


_SHOWN = 8
_VERBS = {"inputs": "takes", "outputs": "gives"}


def _faces(spec: Face, model: Face, *, side: str) -> Iterator[Mismatch]:
    if spec.columns and model.columns:
        yield from _columns(spec.columns, model.columns, side=side)
    elif spec.tensors and model.tensors:
        yield from _tensors(spec.tensors, model.tensors, side=side)
    elif spec.columns and len(model.tensors) > 1:
        tensors = tuple(Column(tensor.name, tensor.datatype) for tensor in model.tensors)
        yield from _columns(spec.columns, tensors, side=side, ordered=False)
    elif spec.columns and model.tensors:
        yield from _width(("signature", side, "columns"), len(spec.columns), _last(model.tensors[0]), side=side)
    elif len(spec.tensors) == 1 and model.columns:
        at: Route = ("signature", side, "tensors", 0, "shape")
        yield from _width(at, _last(spec.tensors[0]), len(model.columns), side=side)


def _last(tensor: Tensor) -> int:
    return tensor.shape[-1] if len(tensor.shape) == 2 else -1


def _width(route: Route, spec: int, model: int, *, side: str) -> Iterator[Mismatch]:
    if spec != model and spec > 0 and model > 0:
        yield Mismatch(route, f"the model {_VERBS[side]} {model} features, not {spec}")


def _columns(
    spec: tuple[Column, ...], model: tuple[Column, ...], *, side: str, ordered: bool = True
) -> Iterator[Mismatch]:
    route: Route = ("signature", side, "columns")
    real, written = {item.name: item for item in model}, {item.name for item in spec}
    for item in spec:
        if item.name not in real:
            yield _absent((*route, item.name), item.name, list(real), side=side)
        else:
            yield from _datatype((*route, item.name), item.datatype, real[item.name].datatype, side=side)
    yield from _unlisted(route, [*real], [item.name for item in spec], side=side)
    if ordered and written == set(real) and [item.name for item in spec] != [*real]:
        yield Mismatch(route, f"the model has them in another order: {some([*real])}")


def _tensors(spec: tuple[Tensor, ...], model: tuple[Tensor, ...], *, side: str) -> Iterator[Mismatch]:
    route: Route = ("signature", side, "tensors")
    real = {item.name: item for item in model}
    # A model with one tensor may have no name for it.
    unnamed = model[0] if len(model) == 1 and not model[0].name else None
    for index, item in enumerate(spec):
        found = unnamed if index == 0 and unnamed else real.get(item.name)
        if found is None:
            yield _absent((*route, index, "name"), item.name, [name for name in real if name], side=side)
            continue
        yield from _datatype((*route, index, "datatype"), item.datatype, found.datatype, side=side)
        yield from _shape((*route, index, "shape"), item.shape, found.shape, side=side)
    yield from _unlisted(route, [name for name in real if name], [item.name for item in spec], side=side)


def _absent(route: Route, name: str, real: list[str], *, side: str) -> Mismatch:
    known = f": it {_VERBS[side]} {some(real)}" if real else ""
    return Mismatch(route, f"the model has no {shown(name)}{known}")


def _unlisted(route: Route, real: list[str], written: list[str], *, side: str) -> Iterator[Mismatch]:
    # What a model gives besides what is written need not be used; what it takes besides must come. As many names that
    # the model does not have are taken for misspelled ones.
    missing = [name for name in real if name not in written]
    if side == "inputs" and len(missing) > sum(name not in real for name in written):
        yield Mismatch(route, f"the model also takes {some(missing)}")


def some(names: list[str]) -> str:
    """The names, or of many the first few."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(shown(name) for name in names[:_SHOWN]) + more


def _datatype(route: Route, spec: str, model: str, *, side: str) -> Iterator[Mismatch]:
    if model and spec != model:
        yield Mismatch(route, f"the model {_VERBS[side]} {model}")


def _shape(route: Route, spec: tuple[int, ...], model: tuple[int, ...], *, side: str) -> Iterator[Mismatch]:
    if model and any(real not in (-1, size) for size, real in zip_longest(spec, model)):
        yield Mismatch(route, f"the model {_VERBS[side]} {list(model)}")
