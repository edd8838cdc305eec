"""An answer has less time on its way than the server has for making it.

The client is told of a failure while the server still works on its answer, for nobody.

Bad:
```yaml
network: {timeout: 10s}
runtime: {timeouts: {request: 30s}}
```
Good:
```yaml
network: {timeout: 30s}
runtime: {timeouts: {request: 30s}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.durations import Duration
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "timeout-below-request"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The timeout, when it is the shorter one."""
    way, making = deployment.network.timeout, deployment.runtime.timeouts.request
    if way.milliseconds < making.milliseconds:
        yield _shorter(way, making)


def _shorter(way: Duration, making: Duration) -> Diagnostic:
    timeout = ("network", "timeout")
    return warning(
        CODE,
        "the answer is given up before it is made",
        Label(timeout, f"after {way}"),
        Label(("runtime", "timeouts", "request"), f"it may take {making}", otherwise=Label(timeout)),
        help=f"write `timeout: {making}`, or give the server less time",
    )
