"""The converter does not write this opset, or the ONNX Runtime that serves the result does not read it.

An opset is a version of ONNX's operators. A converter knows those up to its own time, and ONNX Runtime refuses a file
with one that is newer than itself. Without `opset` one is taken that both know.

Bad:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
optimize: {opset: 99}
```
Good:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}}
optimize: {opset: 20}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.pins import converted_format
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.onnxruntime import NEWEST_ONNX, SERVER
from servespec.runtimes.optimize import OPSETS, PACKAGES

CODE = "unfit-opset"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The opset, when one of the two does not know it."""
    opset = deployment.optimize.opset if deployment.optimize else None
    if opset is None or deployment.model.format not in PACKAGES:
        return
    model_format = converted_format(deployment.model, facts)
    known, read = OPSETS[model_format].value, NEWEST_ONNX[SERVER.version.value].value["opset ai.onnx"]
    if opset > read:
        yield _unfit(opset, f"ONNX Runtime {SERVER.version.value} reads {read} and older", known.default)
    elif not known.oldest <= opset <= known.newest:
        words = f"the converter of `{model_format}` models writes {known.oldest} to {known.newest}"
        yield _unfit(opset, words, known.default)


def _unfit(opset: int, words: str, default: int) -> Diagnostic:
    return error(
        CODE,
        f"opset {opset} can't be used",
        Label(("optimize", "opset"), words),
        help=f"leave it out, or write `opset: {default}`",
    )
