"""As many pods as the load asks for: by Kubernetes itself, or where that can't measure the load, by KEDA."""

from __future__ import annotations

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.operators import KEDA
from servespec.targets.kube.load import keda_bounds, pods_of, query, resource_metric
from servespec.targets.kube.members import Member, metadata

_WHY = "scaling.autoscaling"


def by_resource(deployment: Deployment, member: Member, scaling: Autoscaling) -> dict[str, Data]:
    """A HorizontalPodAutoscaler by CPU or memory, in percent of what is requested."""
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(deployment, member),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": member.name},
            "minReplicas": traced(scaling.min, f"{_WHY}.min"),
            "maxReplicas": traced(scaling.max, f"{_WHY}.max"),
            "metrics": [resource_metric(scaling)],
        },
    }


def by_requests(deployment: Deployment, member: Member, scaling: Autoscaling, *, address: str) -> dict[str, Data]:
    """A ScaledObject by the requests of each pod, which Prometheus counts."""
    metrics = member.image.container.watched.metrics
    assert metrics is not None, "a check refuses a server that tells no metrics"
    return {
        "apiVersion": KEDA.value,
        "kind": "ScaledObject",
        "metadata": metadata(deployment, member),
        "spec": {
            "scaleTargetRef": {"name": member.name},
            **keda_bounds(scaling, why=_WHY),
            "triggers": [
                {
                    "type": "prometheus",
                    "metricType": "AverageValue",
                    "metadata": {
                        "serverAddress": traced(address, "targets.kubernetes.prometheus.address"),
                        "query": query(pods_of(member.name), scaling, metrics, namespace=member.namespace),
                        # KEDA wants text for every one of these.
                        "threshold": traced(str(scaling.target), f"{_WHY}.target"),
                    },
                }
            ],
        },
    }
