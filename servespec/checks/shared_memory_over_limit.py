"""Shared memory is larger than the memory that the service may take.

What is in `/dev/shm` counts as memory of the container, which is killed above its limit.

Bad:
```yaml
resources: {limits: {memory: 1Gi}}
placement: {sharedMemory: 2Gi}
```
Good:
```yaml
resources: {limits: {memory: 4Gi}}
placement: {sharedMemory: 2Gi}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "shared-memory-over-limit"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Shared memory, when it is above the limit."""
    shared, limit = deployment.placement.shared_memory, deployment.resources.limits.memory
    if shared and limit and shared.thousandths > limit.thousandths:
        yield _over(shared, limit)


def _over(shared: Quantity, limit: Quantity) -> Diagnostic:
    written = ("resources", "limits", "memory")
    return error(
        CODE,
        "shared memory is above the limit for memory",
        Label(("placement", "sharedMemory"), f"{shared.text} in `/dev/shm`"),
        Label(written, f"and {limit.text} in all", otherwise=Label(("placement", "sharedMemory"))),
        help=f"write `resources.limits.memory` of more than {shared.text}: the server needs memory besides",
    )
