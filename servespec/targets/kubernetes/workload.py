"""The Deployment: as many pods as are wanted, replaced one after the other."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.targets.kube.members import Member, metadata, selector
from servespec.targets.kube.pod import pod_template


def _replicas(deployment: Deployment) -> dict[str, Data]:
    """Their number, unless an autoscaler decides it: every apply would set it back."""
    scaling = deployment.scaling
    return {} if scaling.autoscaling else {"replicas": traced(scaling.replicas, "scaling.replicas")}


def workload(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The Deployment of a member's pods. A new pod is ready before an old one ends."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(deployment, member),
        "spec": {
            **_replicas(deployment),
            "selector": {"matchLabels": selector(deployment, member)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": pod_template(deployment, member),
        },
    }
