"""A side of the signature does not say what it carries.

It has either `columns`, for a table, or `tensors`, and at least one. A tensor's first dimension is the batch: requests
are stacked along it, so it is -1; another dimension is a size, or -1 for any. Only an ONNX file may fix all of its
dimensions, or have none.

Bad:
```yaml
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [4]}]}}
```
Good:
```yaml
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.models import Face, Tensor
from servespec.spans import Route, dotted

CODE = "invalid-signature"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with the inputs and the outputs."""
    signature, batch = deployment.signature, deployment.model.format != "onnx"
    if signature:
        yield from _face(("signature", "inputs"), signature.inputs, batch=batch)
    if signature and signature.outputs:
        yield from _face(("signature", "outputs"), signature.outputs, batch=batch)


def _face(route: Route, face: Face, *, batch: bool) -> Iterator[Diagnostic]:
    if face.columns and face.tensors:
        yield _both(route)
    elif not face.columns and not face.tensors:
        yield _nothing(route)
    for index, tensor in enumerate(face.tensors):
        at: Route = (*route, "tensors", index, "shape")
        if batch and (not tensor.shape or tensor.shape[0] != -1):
            yield _no_batch(at, tensor)
        elif any(size == 0 or size < -1 for size in tensor.shape):
            yield _no_size(at, tensor)


def _both(route: Route) -> Diagnostic:
    return error(
        CODE,
        f"`{dotted(route)}` has both columns and tensors",
        Label((*route, "tensors"), "either these", Part.KEY),
        Label((*route, "columns"), "or these", Part.KEY),
        help="keep `columns` for a table, `tensors` for everything else",
    )


def _nothing(route: Route) -> Diagnostic:
    return error(
        CODE,
        f"`{dotted(route)}` is empty",
        Label(route, "neither columns nor tensors", Part.KEY),
        help="list the `columns` of a table, or the `tensors`",
    )


def _no_batch(route: Route, tensor: Tensor) -> Diagnostic:
    rest = ", ".join(str(size) for size in (tensor.shape or (4,)))
    return error(
        CODE,
        f"{shown(tensor.name)} has no dimension for the batch",
        Label(route, "the first dimension is not -1"),
        help=f"write `[-1, {rest}]`, or -1 in place of the first if that is the batch",
    )


def _no_size(route: Route, tensor: Tensor) -> Diagnostic:
    return error(
        CODE,
        f"{shown(tensor.name)} has a dimension of no size",
        Label(route, "a dimension is 1 or more, or -1"),
        help="write the size, or -1 for any",
    )
