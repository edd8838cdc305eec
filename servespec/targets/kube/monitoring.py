"""What the Prometheus of a cluster is told to collect."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.operators import PROMETHEUS
from servespec.targets.container import Container
from servespec.targets.kube.members import Member, metadata, selector
from servespec.targets.kube.options import Prometheus
from servespec.targets.kube.ports import metrics_port


def monitor(
    deployment: Deployment,
    member: Member,
    prometheus: Prometheus,
    *,
    target: str,
    served: bool,
    endpoint: dict[str, Data] | None = None,
) -> dict[str, Data]:
    """A ServiceMonitor of a member whose server tells metrics, where it is served by a Service of ours; else a
    PodMonitor, which finds its pods by their labels. `endpoint` is where they are told, if not where the server itself
    has it."""
    head, why = metadata(deployment, member), f"targets.{target}.prometheus"
    labels = head["labels"]
    assert isinstance(labels, dict)
    head["labels"] = {
        **labels,
        **{name: traced(value, f"{why}.labels.{name}") for name, value in prometheus.labels.items()},
    }
    return {
        "apiVersion": PROMETHEUS.value,
        "kind": "ServiceMonitor" if served else "PodMonitor",
        "metadata": head,
        "spec": {
            "selector": {"matchLabels": selector(deployment, member)},
            "endpoints" if served else "podMetricsEndpoints": [endpoint or _endpoint(member.image.container)],
        },
    }


def _endpoint(runs: Container) -> dict[str, Data]:
    metrics = runs.watched.metrics
    assert metrics is not None
    return {"port": metrics_port(runs), "path": traced(metrics.path, runs.why)}
