"""The model is in a storage, and nobody ships an image of its server that would take it from there.

Seldon and KServe fetch such a model into a ready-made image: MLServer for scikit-learn, XGBoost and LightGBM,
TensorFlow Serving, and Triton for ONNX. Other servers are built together with their model, which then is a path.

Bad:
```yaml
model: {format: onnx, uri: "s3://models/fraud.onnx"}
targets: {kserve: }
```
Good:
```yaml
model: {format: onnx, uri: "s3://models/fraud"}
runtime: {server: triton}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}
targets: {kserve: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.fetching import brought_by_platform
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.shipped import SHIPPED

CODE = "unshipped-server"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The server of a model in a storage, when there is no image of it without a model."""
    model_format, server = deployment.model.format, deployment.runtime.server
    if brought_by_platform(deployment) and (model_format, server) not in SHIPPED:
        yield _unshipped(model_format, server)


def _unshipped(model_format: str, server: str) -> Diagnostic:
    others = tuple(name for known, name in SHIPPED if known == model_format)
    remedy = "copy the model beside the spec: the image is then built with it"
    return error(
        CODE,
        f"no public {SERVERS[server].title} image fetches models",
        Label(("model", "uri"), "fetched into an image that others ship"),
        Label(("runtime", "server"), "this server", otherwise=Label(("model", "format"), "by default for this format")),
        help=f"write `server: {others[0]}`, or {remedy}" if others else remedy,
    )
