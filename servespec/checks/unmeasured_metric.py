"""An autoscaler goes by requests that the server does not count.

Kubernetes can't see requests; the server's own metrics tell of them. MLflow's server has none.

Bad:
```yaml
model: {format: mlflow, uri: ./mlflow}
scaling: {autoscaling: {max: 10, metric: rps, target: 50}}
targets: {kubernetes: {prometheus: {namespace: monitoring, address: "http://prometheus.monitoring:9090"}}}
```
Good:
```yaml
model: {format: mlflow, uri: ./mlflow}
scaling: {autoscaling: {max: 10}}
resources: {requests: {cpu: "1"}}
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unmeasured-metric"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The metric, when it is of requests and the server tells none, where its own metrics are all there is."""
    scaling, server = deployment.scaling.autoscaling, SERVERS[deployment.runtime.server]
    counted = server.request_metrics is not None
    if "kubernetes" in deployment.targets and scaling and scaling.metric in ("rps", "concurrency") and not counted:
        yield _unmeasured(scaling.metric, server=server.title)


def _unmeasured(metric: str, *, server: str) -> Diagnostic:
    return error(
        CODE,
        f"{server} does not count requests",
        Label(("scaling", "autoscaling", "metric"), f"nothing tells its `{metric}`"),
        help="write `metric: cpu`",
    )
