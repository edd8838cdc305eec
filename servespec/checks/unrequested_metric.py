"""An autoscaler goes by a share of what is requested, and nothing is.

Kubernetes measures CPU and memory in percent of the request. Without one the share of a guess would decide how many
copies there are.

Bad:
```yaml
scaling: {autoscaling: {max: 10, metric: cpu}}
```
Good:
```yaml
scaling: {autoscaling: {max: 10, metric: cpu}}
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

CODE = "unrequested-metric"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The metric, when there is no request for it."""
    requests = deployment.resources.requests
    given = {"cpu": requests.cpu, "memory": requests.memory}
    for block, item in scalings(deployment):
        scaling = item.autoscaling
        if scaling and scaling.metric in given and given[scaling.metric] is None:
            yield _unrequested((*block, "autoscaling"), scaling.metric)


def _unrequested(route: Route, metric: str) -> Diagnostic:
    example = '`cpu: "1"`' if metric == "cpu" else "`memory: 1Gi`"
    return error(
        CODE,
        f"the load is a share of `{metric}`, which is not requested",
        Label((*route, "metric"), "in percent of the request", otherwise=Label(route, "by default in percent of CPU")),
        help=f"add {example} to `resources.requests`, as much as a copy needs",
    )
