"""The service has an address outside of the cluster, and nobody outside of its namespace may call it.

Requests come from the pods of the Ingress' controller or of the Gateway, which have a namespace of their own. What is
not among the `callers` is kept out.

Bad:
```yaml
network: {expose: {host: fraud.example.com, tls: fraud-tls}}
```
Good:
```yaml
network: {expose: {host: fraud.example.com, tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "expose-without-callers"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address, when no caller is from another namespace."""
    network = deployment.network
    if network.expose and not any(caller.namespace or caller.cidr for caller in network.callers or ()):
        yield _unreachable(given=network.callers is not None)


def _unreachable(*, given: bool) -> Diagnostic:
    label = Label(("network", "expose"), "is reachable from outside the cluster", Part.KEY)
    only = Label(("network", "callers"), "nobody of another namespace is among them", Part.KEY)
    return error(
        CODE,
        "nobody could reach the address",
        *((only, label) if given else (label,)),
        help="add the namespace of what takes requests in, as in `callers: [{namespace: ingress-nginx}]`",
    )
