"""An output has a name that MLServer's runtimes do not give.

They call an output like the method that makes it: `predict`, `predict_proba` or `transform` for scikit-learn, `predict`
or `predict_proba` for XGBoost, `predict` for LightGBM. A client that asks for another is refused.

Bad:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probability, datatype: FP64, shape: [-1, 2]}]}
```
Good:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: predict_proba, datatype: FP64, shape: [-1, 2]}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.mlserver import OUTPUTS, SERVER

CODE = "unknown-output"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each tensor of the outputs that MLServer knows by no such name."""
    known = OUTPUTS.value.get(deployment.model.format)
    outputs = deployment.signature.outputs if deployment.signature else None
    if deployment.runtime.server == SERVER.name and known and outputs:
        for index, tensor in enumerate(outputs.tensors):
            if tensor.name not in known:
                yield _unknown(index, tensor.name, known=known)


def _unknown(index: int, name: str, *, known: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"MLServer gives no output {shown(name, 20)}",
        Label(("signature", "outputs", "tensors", index, "name"), "not the name of a method of the model"),
        Label(("model", "format"), "of a model of this format"),
        help=f"write {one_of(known)}",
    )
