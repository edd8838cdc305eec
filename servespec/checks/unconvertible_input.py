"""The converter can't take an input of the signature.

Models of tables get one matrix, or columns: a tensor of rows, or several tensors of one value a row. Only scikit-learn
takes text (`BYTES`), since its pipelines turn words into numbers.

Bad:
```yaml
model: {format: xgboost, uri: ./absent.json}
signature: {inputs: {columns: {amount: FP32, category: BYTES}}}
optimize: {}
```
Good:
```yaml
model: {format: xgboost, uri: ./absent.json}
signature: {inputs: {columns: {amount: FP32, category: INT64}}}
optimize: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.layout import PYTORCH
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.models import Face
from servespec.runtimes.optimize import PACKAGES
from servespec.spans import Route

CODE = "unconvertible-input"
SEVERITY = Severity.ERROR

_ROUTE: Route = ("signature", "inputs")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each input that the model's converter knows nothing to do with."""
    model_format, signature = deployment.model.format, deployment.signature
    if deployment.optimize is None or signature is None or model_format not in PACKAGES:
        return
    if model_format != "sklearn":
        yield from _texts(signature.inputs, model_format)
    if model_format not in PYTORCH:
        yield from _shapes(signature.inputs, model_format)


def _texts(inputs: Face, model_format: str) -> Iterator[Diagnostic]:
    for column in inputs.columns:
        if column.datatype == "BYTES":
            yield _unconvertible((*_ROUTE, "columns", column.name), column.name, f"`{model_format}` takes no text")
    for index, tensor in enumerate(inputs.tensors):
        if tensor.datatype == "BYTES":
            at: Route = (*_ROUTE, "tensors", index, "datatype")
            yield _unconvertible(at, tensor.name, f"`{model_format}` takes no text")


def _shapes(inputs: Face, model_format: str) -> Iterator[Diagnostic]:
    several = len(inputs.tensors) > 1
    for index, tensor in enumerate(inputs.tensors):
        row = tensor.shape[1:]
        if (several and row not in ((), (1,))) or (not several and len(row) != 1):
            words = "one of several has one value a row" if several else "a table has rows and columns"
            yield _unconvertible((*_ROUTE, "tensors", index, "shape"), tensor.name, words)


def _unconvertible(route: Route, name: str, words: str) -> Diagnostic:
    return error(
        CODE,
        f"the input {shown(name, 20)} can't be converted",
        Label(route, words),
        help="correct the signature, or take `optimize` out",
    )
