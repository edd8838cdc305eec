"""Requests are to be shared among variants where nothing can do that.

Neither a Service nor an Ingress of Kubernetes shares requests by weight or makes copies of them. A Gateway does.

Bad:
```yaml
model: {format: onnx, uri: ./onnx}
variants:
  - {name: steady, weight: 80}
  - {name: candidate, weight: 20, runtime: {workers: 2}}
targets: {kubernetes: {}}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx}
variants:
  - {name: steady, weight: 80}
  - {name: candidate, weight: 20, runtime: {workers: 2}}
network: {expose: {host: fraud.example.com, gateway: {name: public}}, callers: [{namespace: gateways}]}
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "variants-without-gateway"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Several variants, when no Gateway is named."""
    expose = deployment.network.expose
    if "kubernetes" in deployment.targets and len(deployment.variants) > 1 and not (expose and expose.gateway):
        yield _unshared(exposed=expose is not None)


def _unshared(*, exposed: bool) -> Diagnostic:
    ingress = Label(("network", "expose"), "an Ingress can't do that", Part.KEY)
    return error(
        CODE,
        "nothing shares requests among the variants",
        Label(("variants",), "several behind one address", Part.KEY),
        *((ingress,) if exposed else ()),
        help="name one: `network: {expose: {host: fraud.example.com, gateway: {name: public}}}`",
    )
