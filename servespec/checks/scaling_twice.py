"""A number of copies is given beside an autoscaler that decides it.

Each of the two would undo what the other did: every apply sets the number back, and the autoscaler changes it again.
What an environment does not want of the spec it takes out by `null`: `scaling: {replicas: 1, autoscaling: null}`.

Bad:
```yaml
scaling: {replicas: 3, autoscaling: {min: 2, max: 10}}
resources: {requests: {cpu: "1"}}
```
Good:
```yaml
scaling: {autoscaling: {min: 3, max: 10}}
resources: {requests: {cpu: "1"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.scalings import scalings
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "scaling-twice"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The number, when it is not what the autoscaler begins with."""
    for block, scaling in scalings(deployment):
        if scaling.autoscaling and scaling.replicas != max(1, scaling.autoscaling.min):
            yield _twice(block, scaling.replicas, environment=deployment.environment)


def _twice(block: Route, replicas: int, *, environment: str | None) -> Diagnostic:
    way = f"; `{environment}` does that by `autoscaling: null` or `replicas: null`" if environment else ""
    return error(
        CODE,
        "`replicas` is set, but an autoscaler decides it",
        Label((*block, "replicas"), f"always {replicas}", Part.KEY),
        Label((*block, "autoscaling"), "as many as the load asks for", Part.KEY),
        help=f"take one of them out{way}; `min: {replicas}` says how many there are at the least",
    )
