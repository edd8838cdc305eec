"""The service is reached through an Ingress and through a Gateway, or has a certificate for the wrong one.

A route belongs to one of them. On a Gateway the certificate is its listener's, and one that is named here would not be
used.

Bad:
```yaml
network:
  expose: {host: fraud.example.com, ingressClass: nginx, gateway: {name: public}}
  callers: [{namespace: gateways}]
```
Good:
```yaml
network:
  expose: {host: fraud.example.com, gateway: {name: public}}
  callers: [{namespace: gateways}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "exposed-twice"
SEVERITY = Severity.ERROR

_ROUTE = ("network", "expose")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is of an Ingress beside a Gateway."""
    expose = deployment.network.expose
    if expose is None or expose.gateway is None:
        return
    if expose.ingress_class is not None:
        yield _stray("ingressClass", "of an Ingress", help="take one of them out")
    if expose.tls is not None:
        yield _stray(
            "tls", "of an Ingress, too", help="take `tls` out; the certificate is that of the Gateway's listener"
        )


def _stray(field: str, words: str, *, help: str) -> Diagnostic:
    return error(
        CODE,
        f"`{field}` has no effect beside a Gateway",
        Label((*_ROUTE, field), words, Part.KEY),
        Label((*_ROUTE, "gateway"), "the route belongs to this", Part.KEY),
        help=help,
    )
