"""The service is reachable from outside the cluster, and no caller has to say who it is.

In a cluster no server asks for a token: but for TorchServe none of them knows any, and each of its processes has one of
its own. Let whatever stands before it ask, a gateway or an ingress with a login, and say so: `authorization: none`
takes a reason, which is reviewed.

Bad:
```yaml
targets: {kubernetes: {}}
network: {expose: {host: fraud.example.com, tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
```
Good:
```yaml
targets: {kubernetes: {}}
network: {expose: {host: fraud.example.com, tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
security: {authorization: none, reason: "the ingress asks for the company's login"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "exposed-without-authorization"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address in a cluster, when nobody has said who asks."""
    if deployment.network.expose and "kubernetes" in deployment.targets and deployment.security.authorization != "none":
        yield _open()


def _open() -> Diagnostic:
    return warning(
        CODE,
        "the service is reachable without authorization",
        Label(("network", "expose", "host"), "anyone who reaches it may send requests"),
        help="let what stands before it ask, and write `security: {authorization: none, reason: …}`",
    )
