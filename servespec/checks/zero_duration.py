"""A limit in time is zero: everything would fail at once.

Bad:
```yaml
runtime: {timeouts: {request: 0s}}
```
Good:
```yaml
runtime: {timeouts: {request: 30s}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route, dotted

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.streaming import Streaming

CODE = "zero-duration"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each limit in time that leaves none."""
    limits = deployment.runtime.timeouts
    for name, limit in (("request", limits.request), ("startup", limits.startup), ("shutdown", limits.shutdown)):
        if limit.milliseconds == 0:
            yield _zero(("runtime", "timeouts", name))
    if deployment.batch and deployment.batch.timeout.milliseconds == 0:
        yield _zero(("batch", "timeout"))
    if deployment.streaming:
        yield from _of_streaming(deployment.streaming)
    if deployment.network.timeout.milliseconds == 0 and limits.request.milliseconds:
        yield _zero(("network", "timeout"))
    for index, example in enumerate(deployment.examples):
        if example.latency and example.latency.milliseconds == 0:
            yield _zero(("examples", index, "latency"))


def _of_streaming(streaming: Streaming) -> Iterator[Diagnostic]:
    limits = (
        (("timeout",), streaming.timeout),
        (("rebalance", "drain"), streaming.rebalance.drain),
        (("rebalance", "session"), streaming.rebalance.session),
    )
    for route, limit in limits:
        if limit.milliseconds == 0:
            yield _zero(("streaming", *route))


def _zero(route: Route) -> Diagnostic:
    return error(
        CODE,
        f"`{dotted(route[-1:])}` leaves no time at all",
        Label(route, "zero"),
        help="leave it out, or write a span of time such as `30s`",
    )
