"""How the load of a predictor is measured, on platforms that make the Deployments themselves."""

from __future__ import annotations

import json

from servespec.deployment.cluster import Autoscaling
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import RATE_SECONDS
from servespec.targets.container import Metrics

_WHY = "scaling.autoscaling"


def resource_metric(scaling: Autoscaling) -> Data:
    """CPU or memory in percent of what is requested, in the form of autoscaling/v2."""
    target: Data = {"type": "Utilization", "averageUtilization": traced(scaling.target, f"{_WHY}.target", _WHY)}
    return {"type": "Resource", "resource": {"name": traced(scaling.metric, f"{_WHY}.metric"), "target": target}}


def pods_called(beginning: str) -> str:
    """The matcher of pods whose names begin so: PromQL quotes text as JSON does."""
    return f"pod=~{json.dumps(f'{beginning}-.*')}"


def pods_of(service: str) -> str:
    """The matcher of the pods behind a service."""
    return f"service={json.dumps(service)}"


def query(where: str, scaling: Autoscaling, metrics: Metrics) -> Data:
    """The load of all pods that a matcher finds, in PromQL. The time that requests took in a second is how many were
    in flight at once."""
    counter = metrics.requests if scaling.metric == "rps" else metrics.busy
    unit = f" / {metrics.per_second}" if scaling.metric == "concurrency" and metrics.per_second > 1 else ""
    text = f"sum(rate({counter}{{{where}}}[{RATE_SECONDS.value}s])){unit}"
    return traced(text, f"{_WHY}.metric")
