"""More is set aside for the service than it may take.

Docker and Kubernetes both refuse to start a container whose request is above its limit.

Bad:
```yaml
resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}
```
Good:
```yaml
resources: {requests: {memory: 1Gi}, limits: {memory: 2Gi}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "request-over-limit"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each request that is above its limit."""
    requests, limits = deployment.resources.requests, deployment.resources.limits
    pairs = (("cpu", requests.cpu, limits.cpu), ("memory", requests.memory, limits.memory))
    for what, request, limit in pairs:
        if request and limit and request.thousandths > limit.thousandths:
            yield _over(what, request, limit)


def _over(what: str, request: Quantity, limit: Quantity) -> Diagnostic:
    return error(
        CODE,
        f"the request for {what} is above its limit",
        Label(("resources", "requests", what), f"{request.text} is set aside"),
        Label(("resources", "limits", what), f"and {limit.text} is the most"),
        help=f"lower the request to {limit.text}, or raise the limit to {request.text}",
    )
