"""The micro-batch delay alone takes longer than an answer may.

The first request of a batch waits until the batch is full or the delay is over: a lone client pays all of it.

Bad:
```yaml
runtime: {microBatch: {size: 8, delay: 300ms}}
examples: [{name: quick, request: {instances: [[1, 2, 3, 4]]}, latency: 200ms}]
```
Good:
```yaml
runtime: {microBatch: {size: 8, delay: 5ms}}
examples: [{name: quick, request: {instances: [[1, 2, 3, 4]]}, latency: 200ms}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.durations import Duration
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "delay-over-latency"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The delay, when the tightest of the limits for an answer is not above it."""
    batch = deployment.runtime.micro_batch
    limits: list[tuple[Duration, Route]] = [(deployment.runtime.timeouts.request, ("runtime", "timeouts", "request"))]
    for index, example in enumerate(deployment.examples):
        if example.latency:
            limits.append((example.latency, ("examples", index, "latency")))
    tightest, route = min(limits, key=lambda limit: limit[0].milliseconds)
    if batch.size > 1 and batch.delay.milliseconds >= tightest.milliseconds:
        yield _over(batch.delay, tightest, route=route)


def _over(delay: Duration, limit: Duration, *, route: Route) -> Diagnostic:
    return warning(
        CODE,
        f"the micro-batch delay uses up the {limit} of an answer",
        Label(("runtime", "microBatch", "delay"), f"a lone client waits all {delay}"),
        Label(route, "an answer may take no longer than this"),
        help="write a delay of a few milliseconds, such as `5ms`",
    )
