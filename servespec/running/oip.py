"""The form of an answer in the Open Inference Protocol, version 2, against the tensors of a signature."""

from __future__ import annotations

import math
from collections.abc import Iterator

from servespec.diagnostics.visible import escaped
from servespec.models import Signature, Tensor
from servespec.spans import Value


def misfit(answer: Value, request: Value, signature: Signature) -> str:
    """What is wrong with the outputs of an answer, in words; empty when they fit the signature.

    A request that names outputs gets only those.
    """
    outputs = _outputs(answer)
    if outputs is None:
        return "the answer has no list `outputs`"
    tensors = signature.outputs.tensors if signature.outputs else ()
    wanted = {item.get("name") for item in _outputs(request) or ()}
    return "; ".join(_problems(tuple(item for item in tensors if not wanted or item.name in wanted), outputs))


def _outputs(value: Value) -> list[dict[str, Value]] | None:
    outputs = value.get("outputs") if isinstance(value, dict) else None
    return [item for item in outputs if isinstance(item, dict)] if isinstance(outputs, list) else None


def _problems(tensors: tuple[Tensor, ...], outputs: list[dict[str, Value]]) -> Iterator[str]:
    found = {str(item.get("name")): item for item in outputs}
    for tensor in tensors:
        if tensor.name in found:
            yield from _tensor(tensor, found[tensor.name])
        else:
            yield f"there is no output `{escaped(tensor.name)}`"


def _tensor(tensor: Tensor, output: dict[str, Value]) -> Iterator[str]:
    name, shape, data = escaped(tensor.name), output.get("shape"), output.get("data")
    if output.get("datatype") != tensor.datatype:
        yield f"output `{name}` is {escaped(str(output.get('datatype')))}, not {tensor.datatype}"
    if not _fits(shape, tensor.shape):
        yield f"output `{name}` has shape {escaped(str(shape))}, not {list(tensor.shape)}"
    elif isinstance(shape, list) and isinstance(data, list) and len(data) != math.prod(map(int, shape)):  # type: ignore[arg-type]
        yield f"output `{name}` has {len(data)} values, which is not what its shape {shape} says"


def _fits(shape: Value, wanted: tuple[int, ...]) -> bool:
    return (
        isinstance(shape, list)
        and len(shape) == len(wanted)
        and all(isinstance(size, int) and expected in (-1, size) for size, expected in zip(shape, wanted, strict=True))
    )
