"""How load is measured, and what is made of it: what autoscalers of all platforms have alike."""

from __future__ import annotations

import json

from servespec.artifacts import Origin
from servespec.deployment.cluster import Autoscaling
from servespec.emit.quoted import Data, Traced, plain, traced
from servespec.runtimes.kubernetes import RATE_SECONDS
from servespec.targets.container import Metrics

_WHY = "scaling.autoscaling"


def resource_metric(scaling: Autoscaling) -> Data:
    """CPU or memory in percent of what is requested, in the form of autoscaling/v2."""
    target: Data = {"type": "Utilization", "averageUtilization": traced(scaling.target, f"{_WHY}.target", _WHY)}
    return {"type": "Resource", "resource": {"name": traced(scaling.metric, f"{_WHY}.metric"), "target": target}}


def keda_bounds(scaling: Autoscaling, *, why: Origin) -> dict[str, Data]:
    """Between how many pods KEDA chooses. Where what it asks does not answer, there are as many as there may be."""
    most = traced(scaling.max, f"{why}.max")
    return {
        "minReplicaCount": traced(scaling.min, f"{why}.min"),
        "maxReplicaCount": most,
        "fallback": {"failureThreshold": 3, "replicas": most},
    }


def pods_called(beginning: str) -> str:
    """The matcher of pods whose names begin so: PromQL quotes text as JSON does."""
    return f"pod=~{json.dumps(f'{beginning}-.*')}"


def pods_of(service: str) -> str:
    """The matcher of the pods behind a service."""
    return f"service={json.dumps(service)}"


def query(where: str, scaling: Autoscaling, metrics: Metrics, *, namespace: Data) -> Data:
    """The load of all pods that a matcher finds, in PromQL. The time that requests took in a second is how many were
    in flight at once. Prometheus may know another service of that name: only of a known namespace nobody else's load
    is counted."""
    if namespace is not None:
        where = f"{where}, namespace={json.dumps(plain(namespace))}"
    counter = metrics.requests if scaling.metric == "rps" else metrics.busy
    unit = f" / {metrics.per_second}" if scaling.metric == "concurrency" and metrics.per_second > 1 else ""
    text = f"sum(rate({counter}{{{where}}}[{RATE_SECONDS.value}s])){unit}"
    known = namespace.origins if isinstance(namespace, Traced) else ()
    return traced(text, f"{_WHY}.metric", *known)
