"""The memory limit is below what the server and its workers need with the smallest of models.

The kernel kills a worker that goes beyond the limit; the server starts it again, and so on for ever.

Bad:
```yaml
resources: {limits: {memory: 256Mi}}
```
Good:
```yaml
resources: {limits: {memory: 2Gi}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.impossible_quantity import LEAST_BYTES
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "memory-too-small"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The memory limit, when the server can't live with it."""
    server, workers = SERVERS[deployment.runtime.server], deployment.runtime.workers
    needed = server.memory(workers)
    limit = deployment.resources.limits.memory
    if limit and serves(deployment) and not 0 < limit.units < LEAST_BYTES and limit.units < needed * 2**20:
        yield _too_small(limit, workers=workers, needed=needed)


def _too_small(limit: Quantity, *, workers: int, needed: int) -> Diagnostic:
    count = "a worker" if workers == 1 else f"{workers} workers"
    return warning(
        CODE,
        f"{limit.text} of memory is too small for {count}",
        Label(("resources", "limits", "memory"), f"the server needs about {needed}Mi with a small model"),
        help=f"write `{needed}Mi` or more" + (", or lower `runtime.workers`" if workers > 1 else ""),
    )
