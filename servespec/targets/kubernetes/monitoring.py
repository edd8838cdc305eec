"""What the Prometheus of a cluster is told to collect."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.targets.kube.members import Member, metadata, selector
from servespec.targets.kube.options import Prometheus
from servespec.targets.kube.ports import metrics_port

_WHY = "targets.kubernetes.prometheus"


def monitor(deployment: Deployment, member: Member, prometheus: Prometheus) -> dict[str, Data]:
    """A ServiceMonitor of a member whose server tells metrics."""
    metrics, head = member.image.container.watched.metrics, metadata(deployment, member)
    assert metrics is not None
    labels = head["labels"]
    assert isinstance(labels, dict)
    head["labels"] = {
        **labels,
        **{name: traced(value, f"{_WHY}.labels.{name}") for name, value in prometheus.labels.items()},
    }
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "ServiceMonitor",
        "metadata": head,
        "spec": {
            "selector": {"matchLabels": selector(deployment, member)},
            "endpoints": [
                {
                    "port": metrics_port(member.image.container),
                    "path": traced(metrics.path, member.image.container.why),
                }
            ],
        },
    }
