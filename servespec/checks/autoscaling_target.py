"""An autoscaler by requests is not told how many a copy is to take.

What a copy can take depends on the model: there is no number that is right for all. `servespec run --smoke` and a load
test tell it.

Bad:
```yaml
scaling: {autoscaling: {max: 10, metric: rps}}
```
Good:
```yaml
scaling: {autoscaling: {max: 10, metric: rps, target: 50}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "autoscaling-target"
SEVERITY = Severity.ERROR

_MEANS = {"rps": "requests a second of each copy", "concurrency": "requests in flight in each copy"}


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The metric, when it has no target."""
    scaling = deployment.scaling.autoscaling
    if scaling and scaling.target is None:
        yield _no_target(scaling.metric)


def _no_target(metric: str) -> Diagnostic:
    return error(
        CODE,
        f"`{metric}` needs a `target`",
        Label(("scaling", "autoscaling", "metric"), "a number of requests has no default"),
        help=f"add `target:`, the {_MEANS[metric]} that it is to have",
    )
