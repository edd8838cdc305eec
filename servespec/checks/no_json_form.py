"""Values of a datatype can't be sent to the server, or come back, over REST.

Requests over REST are JSON here, in which Triton takes no FP16, and TensorFlow Serving neither FP16 nor UINT16: each is
refused, also those of `examples`, which `smoke` sends. Over gRPC both take them. No client for REST is made.

Bad:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
runtime: {server: triton}
signature:
  inputs: {tensors: [{name: input, datatype: FP16, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probabilities, datatype: FP32, shape: [-1, 2]}]}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
runtime: {server: triton}
signature:
  inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
  outputs: {tensors: [{name: probabilities, datatype: FP32, shape: [-1, 2]}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.over_rest import without_json
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route

CODE = "no-json-form"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each datatype that only gRPC has."""
    if not serves(deployment):
        return
    for route, datatype in without_json(deployment):
        yield _formless(route, datatype, server=SERVERS[deployment.runtime.server].title)


def _formless(route: Route, datatype: str, *, server: str) -> Diagnostic:
    return warning(
        CODE,
        f"{server} has no {datatype} over REST",
        Label(route, "every request over REST is refused"),
        Label(
            ("runtime", "server"), "by this server", otherwise=Label(("model", "format"), "by default for this format")
        ),
        help="let the model take and give FP32 or INT32, or ask over gRPC only and suppress this with that reason",
    )
