"""The service is reachable from outside the cluster without TLS.

Requests and answers then cross the network as they are, to be read and changed on the way.

Bad:
```yaml
targets: {kubernetes: {}}
network: {expose: {host: fraud.example.com}, callers: [{namespace: ingress-nginx}]}
```
Good:
```yaml
targets: {kubernetes: {}}
network: {expose: {host: fraud.example.com, tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "exposed-without-tls"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address, when an Ingress is made for it without a certificate."""
    expose = deployment.network.expose
    if expose and "kubernetes" in deployment.targets and expose.gateway is None and expose.tls is None:
        yield _plain()


def _plain() -> Diagnostic:
    return warning(
        CODE,
        "the service is reachable without TLS",
        Label(("network", "expose", "host"), "has no certificate"),
        help="name the secret with the certificate: `tls: fraud-tls`",
    )
