"""The signature is not that of the model, by what the model's own files say.

Handlers, clients and requests are made from the signature. A name that the model does not have, another datatype,
shape, number or order would be found out by the first request; `servespec inspect` shows what the model says. What a
model keeps to itself is not compared, nor are the columns of one that picks those that it uses.

Bad:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
signature:
  inputs: {tensors: [{name: features, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probabilities, datatype: FP32, shape: [-1, 2]}]}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probabilities, datatype: FP32, shape: [-1, 2]}]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.deployment.addresses import scheme
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.inspection.difference import Mismatch, signature_difference, some
from servespec.models import Column, Face, Signature
from servespec.records import replace

CODE = "signature-mismatch"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each place of the signature where the model says otherwise."""
    model, written = asked_model(deployment, facts), deployment.signature
    if model is None or model.signature is None or written is None or model.format != deployment.model.format:
        return
    real = _unblanked(written, model.signature) if model.format == "lightgbm" else model.signature
    if model.picks:
        real = replace(real, inputs=Face((), ()))
    by_name = model.format == "mlflow" and REALTIME in deployment.patterns
    unnamed = tuple(_unnamed(written.inputs, real.inputs)) if by_name else ()
    for item in unnamed or signature_difference(written, real, optional=model.optional):
        yield _mismatch(item, deployment.model.uri)


def _unnamed(written: Face, real: Face) -> Iterator[Mismatch]:
    """Tensors where the model takes columns: MLflow finds these by their names, and not in the columns of one array."""
    names = [column.name for column in real.columns]
    if names == [str(place) for place in range(len(names))]:  # which go by their places
        return
    for index, tensor in enumerate(written.tensors):
        if tensor.name not in names:
            yield Mismatch(("signature", "inputs", "tensors", index), f"the model takes columns by name: {some(names)}")


def _unblanked(written: Signature, real: Signature) -> Signature:
    """The model's signature with names as they were: LightGBM saves them with `_` in place of blanks."""
    names = {re.sub(r"\s", "_", column.name): column.name for column in written.inputs.columns}
    columns = tuple(Column(names.get(item.name, item.name), item.datatype) for item in real.inputs.columns)
    return replace(real, inputs=replace(real.inputs, columns=columns))


def _mismatch(item: Mismatch, uri: str) -> Diagnostic:
    return error(
        CODE,
        "the signature is not that of the model",
        Label(item.route, item.text),
        help=f"correct it; `servespec inspect {uri}` shows all that the model says"
        if scheme(uri) is None
        else "correct it; the lock has all that the model says",
    )
