"""The model is to be converted to ONNX, and the spec does not say what goes into it.

The signature gives the inputs of the ONNX model their names, datatypes and shapes, and tells what random rows look like
that both models must answer alike.

Bad:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
optimize: {}
```
Good:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
optimize: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.optimize import PACKAGES

CODE = "unsigned-conversion"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The conversion, when there is no signature."""
    if deployment.optimize and deployment.model.format in PACKAGES and deployment.signature is None:
        yield _unsigned()


def _unsigned() -> Diagnostic:
    words = "needs the inputs of the model"
    return error(
        CODE,
        "`optimize` needs a `signature`",
        Label(("optimize",), words, Part.KEY, otherwise=Label(("targets", "optimize"), words, Part.KEY)),
        help="write the inputs of the model as `signature`; `servespec inspect` shows them where it can",
    )
