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

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "autoscaling-bounds"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The two numbers, when they are the wrong way round."""
    scaling = deployment.scaling.autoscaling
    if scaling and scaling.min > scaling.max:
        yield _crossed(scaling.min, scaling.max)


def _crossed(least: int, most: int) -> Diagnostic:
    route = ("scaling", "autoscaling")
    return error(
        CODE,
        "the fewest copies are more than the most",
        Label((*route, "min"), f"at least {least}"),
        Label((*route, "max"), f"and at most {most}"),
        help=f"write `min: {most}` and `max: {least}`",
    )
