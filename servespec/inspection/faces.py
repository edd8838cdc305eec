"""Sides of a signature, and the rows that tell of tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from servespec.models import Column, Face, Tensor

_MAX_ROWS = 50
_MAX_DIMENSIONS = 64


def rows_of(count: int, names: Sequence[str]) -> Face:
    """The inputs of a model that takes rows of features, whose type it keeps to itself."""
    if names:
        return Face(tuple(Column(name, "") for name in names), ())
    return Face((), (Tensor("", "", (-1, count)),) if 0 < count < 1 << 31 else ())


def sizes(shape: object) -> tuple[int, ...]:
    """The dimensions of a tensor, as far as a tensor can have such."""
    given = shape if isinstance(shape, list | tuple) else ()
    return tuple(size for size in given[:_MAX_DIMENSIONS] if isinstance(size, int) and -1 <= size < 1 << 63)


def weights(tensors: Sequence[Tensor]) -> Iterator[tuple[str, str | int]]:
    """What to tell of the weights of a model: how many, and the first of them."""
    yield "tensors", len(tensors)
    yield "parameters", sum(prod(tensor.shape) for tensor in tensors)
    for tensor in tensors[:_MAX_ROWS]:
        yield f"tensor {tensor.name}", f"{tensor.datatype} {list(tensor.shape)}"
    if len(tensors) > _MAX_ROWS:
        yield "more tensors", len(tensors) - _MAX_ROWS
