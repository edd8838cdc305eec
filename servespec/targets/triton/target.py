"""The triton target: a model repository for Triton Inference Server, and its health check."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import Context, Lowered, Target, approximated
from servespec.targets.fetch.narrowing import narrows
from servespec.targets.triton.options import TritonOptions
from servespec.targets.upstream import SUPPORTS


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.triton.lower import lower

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    signature = deployment.signature
    if deployment.runtime.server == "triton" and not (signature and signature.outputs):
        yield signature_needed()


def signature_needed() -> Diagnostic:
    """Triton is told what goes into the model and what comes out, and the spec does not say it.

    It stands in the model's configuration, by which Triton refuses wrong requests, puts right ones together and warms
    the model up.

    Bad:
    ```yaml
    model: {format: onnx, uri: ./onnx/model.onnx}
    runtime: {server: triton}
    ```
    Good:
    ```yaml
    model: {format: onnx, uri: ./onnx/model.onnx}
    runtime: {server: triton}
    signature:
      inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
      outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}
    ```
    """
    block = Label(("runtime", "server"), "needs the inputs and the outputs")
    return error(
        "signature-needed",
        "Triton needs a `signature`",
        Label(("signature",), "without outputs", Part.KEY, otherwise=block),
        help="write the inputs and the outputs of the model; `servespec inspect` shows them",
    )


TRITON = Target(
    name="triton",
    summary="a model repository for Triton Inference Server, and its health check",
    options=TritonOptions,
    supports={
        **SUPPORTS,
        "runtime.microBatch": approximated("the server counts rows: a request of more rows than `size` is refused"),
        "runtime.timeouts.request": approximated(
            "it limits the wait in the queue of `microBatch`, not the computation"
        ),
    },
    lower=_lower,
    narrows=narrows,
    check=_check,
)
