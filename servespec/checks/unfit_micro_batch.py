"""Micro-batching is on, and a tensor of the signature has no dimension to stack requests along.

Requests that arrive together become one by their first dimension. Where that has a size, the model takes just so many
rows, and a batch of two requests would not fit it.

Bad:
```yaml
model: {format: onnx, uri: ./absent.onnx}
signature: {inputs: {tensors: [{name: image, datatype: FP32, shape: [1, 3, 224, 224]}]}}
runtime: {microBatch: {size: 8}}
```
Good:
```yaml
model: {format: onnx, uri: ./absent.onnx}
signature: {inputs: {tensors: [{name: image, datatype: FP32, shape: [-1, 3, 224, 224]}]}}
runtime: {microBatch: {size: 8}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.models import Tensor
from servespec.spans import Route

CODE = "unfit-micro-batch"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The first tensor that can't be stacked, when requests are to be."""
    # Of other formats a tensor without a batch is wrong in itself: `invalid-signature`.
    if deployment.runtime.micro_batch.size > 1 and deployment.model.format == "onnx":
        for route, tensor in _tensors(deployment):
            if tensor.shape[:1] != (-1,):
                yield _unfit(route, tensor)
                return


def _tensors(deployment: Deployment) -> Iterator[tuple[Route, Tensor]]:
    signature = deployment.signature
    for side, face in (("inputs", signature.inputs), ("outputs", signature.outputs)) if signature else ():
        for index, tensor in enumerate(face.tensors if face else ()):
            yield ("signature", side, "tensors", index, "shape"), tensor


def _unfit(route: Route, tensor: Tensor) -> Diagnostic:
    return error(
        CODE,
        f"requests can't be batched by {shown(tensor.name, 20)}",
        Label(("runtime", "microBatch", "size"), "more than one request in a batch"),
        Label(route, "the first dimension is not -1"),
        help="export the model with a free first dimension, or take `microBatch` out",
    )
