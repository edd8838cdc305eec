"""No converter makes an ONNX model of this format.

`optimize` converts models of scikit-learn, XGBoost, LightGBM and PyTorch. An ONNX file is there already, and an MLflow
model has one of these inside, which can be named as it is.

Bad:
```yaml
model: {format: onnx, uri: ./absent.onnx}
optimize: {}
```
Good:
```yaml
model: {format: onnx, uri: ./absent.onnx}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.optimize import PACKAGES

CODE = "unconvertible-format"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The format, when there is nothing to convert it with."""
    if deployment.optimize and deployment.model.format not in PACKAGES:
        yield _unconvertible(deployment.model.format)


def _unconvertible(model_format: str) -> Diagnostic:
    words = f"it converts {one_of(tuple(PACKAGES))}"
    return error(
        CODE,
        f"`optimize` can't convert `{model_format}` models",
        Label(("optimize",), words, Part.KEY, otherwise=Label(("targets", "optimize"), words, Part.KEY)),
        Label(("model", "format"), "the model is this"),
        help="take `optimize` out: the model is served as it is",
    )
