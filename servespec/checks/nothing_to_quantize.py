"""The model is to be quantized, and consists of trees.

Dynamic quantization is about the products of large matrices: their weights become numbers of eight bits. Trees have
none, and would come out as they went in.

Bad:
```yaml
model: {format: xgboost, uri: ./absent.json}
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
optimize: {quantization: {type: dynamic-int8}}
```
Good:
```yaml
model: {format: xgboost, uri: ./absent.json}
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
optimize: {}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.optimize import PACKAGES, QUANTIZABLE

CODE = "nothing-to-quantize"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The quantization, when the format has nothing for it."""
    model_format = deployment.model.format
    asked = deployment.optimize is not None and deployment.optimize.quantization is not None
    if asked and model_format in PACKAGES and model_format not in QUANTIZABLE.value:
        yield _nothing(model_format)


def _nothing(model_format: str) -> Diagnostic:
    return error(
        CODE,
        f"`{model_format}` models have nothing to quantize",
        Label(("optimize", "quantization"), "trees multiply no matrices", Part.KEY),
        Label(("model", "format"), "the model is this"),
        help="take `quantization` out",
    )
