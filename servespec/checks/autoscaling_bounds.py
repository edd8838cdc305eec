"""An autoscaler's least number of copies is above its most.

Kubernetes and KEDA refuse such an autoscaler when it is applied.

Bad:
```yaml
scaling: {autoscaling: {min: 5, max: 2}}
resources: {requests: {cpu: "1"}}
```
Good:
```yaml
scaling: {autoscaling: {min: 2, max: 5}}
resources: {requests: {cpu: "1"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.scalings import scalings
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "autoscaling-bounds"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The two numbers, when they are the wrong way round."""
    for block, given in scalings(deployment):
        scaling = given.autoscaling
        if scaling and scaling.min > scaling.max:
            yield _crossed((*block, "autoscaling"), scaling.min, scaling.max)


def _crossed(route: Route, least: int, most: int) -> Diagnostic:
    return error(
        CODE,
        "the minimum of copies is above the maximum",
        Label((*route, "min"), f"at least {least}"),
        Label((*route, "max"), f"and at most {most}"),
        help=f"write `min: {most}` and `max: {least}`",
    )
