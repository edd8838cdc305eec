"""As many pods as the load asks for: by Kubernetes itself, or where that can't measure the load, by KEDA."""

from __future__ import annotations

import json

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import RATE_SECONDS
from servespec.targets.container import Metrics
from servespec.targets.kube.members import Member, metadata

_WHY = "scaling.autoscaling"
MEASURED = ("cpu", "memory")
"""Metrics that Kubernetes measures itself; of all others KEDA asks Prometheus."""


def by_resource(deployment: Deployment, member: Member, scaling: Autoscaling) -> dict[str, Data]:
    """A HorizontalPodAutoscaler by CPU or memory, in percent of what is requested."""
    target: Data = {"type": "Utilization", "averageUtilization": traced(scaling.target, f"{_WHY}.target", _WHY)}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": metadata(deployment, member),
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": member.name},
            "minReplicas": traced(scaling.min, f"{_WHY}.min"),
            "maxReplicas": traced(scaling.max, f"{_WHY}.max"),
            "metrics": [
                {"type": "Resource", "resource": {"name": traced(scaling.metric, f"{_WHY}.metric"), "target": target}}
            ],
        },
    }


def by_requests(deployment: Deployment, member: Member, scaling: Autoscaling, *, address: str) -> dict[str, Data]:
    """A ScaledObject by the requests of each pod. Where Prometheus does not answer, there are as many pods as there
    must be at the least when nothing is known."""
    metrics = member.image.container.watched.metrics
    assert metrics is not None, "a check refuses a server that tells no metrics"
    return {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": metadata(deployment, member),
        "spec": {
            "scaleTargetRef": {"name": member.name},
            "minReplicaCount": traced(scaling.min, f"{_WHY}.min"),
            "maxReplicaCount": traced(scaling.max, f"{_WHY}.max"),
            "fallback": {"failureThreshold": 3, "replicas": traced(scaling.max, f"{_WHY}.max")},
            "triggers": [
                {
                    "type": "prometheus",
                    "metricType": "AverageValue",
                    "metadata": {
                        "serverAddress": traced(address, "targets.kubernetes.prometheus.address"),
                        "query": traced(_query(member, scaling, metrics), f"{_WHY}.metric"),
                        # KEDA wants text for every one of these.
                        "threshold": traced(str(scaling.target), f"{_WHY}.target"),
                    },
                }
            ],
        },
    }


def _query(member: Member, scaling: Autoscaling, metrics: Metrics) -> str:
    """The load of all pods in PromQL, which quotes text as JSON does. The time that requests took in a second is how
    many were in flight at once."""
    counter = metrics.requests if scaling.metric == "rps" else metrics.busy
    unit = f" / {metrics.per_second}" if scaling.metric == "concurrency" and metrics.per_second > 1 else ""
    return f"sum(rate({counter}{{service={json.dumps(member.name)}}}[{RATE_SECONDS.value}s])){unit}"
