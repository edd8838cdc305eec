"""The Deployment: as many pods as are wanted, replaced one after the other."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import PROGRESS_SECONDS
from servespec.targets.kube.members import Member, metadata, selector
from servespec.targets.kube.pod import pod_template
from servespec.targets.kube.probes import PROGRESS_WHY, progress_seconds


def _replicas(deployment: Deployment) -> dict[str, Data]:
    """Their number, unless an autoscaler decides it: every apply would set it back."""
    scaling = deployment.scaling
    return {} if scaling.autoscaling else {"replicas": traced(scaling.replicas, "scaling.replicas")}


def _deadline(deployment: Deployment) -> dict[str, Data]:
    """How long a rollout may make no progress: as long as a pod may take to start, where that is longer than usual."""
    seconds = progress_seconds(deployment)
    return {"progressDeadlineSeconds": traced(seconds, *PROGRESS_WHY)} if seconds > PROGRESS_SECONDS.value else {}


def workload(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The Deployment of a member's pods. A new pod is ready before an old one ends."""
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(deployment, member),
        "spec": {
            **_replicas(deployment),
            **_deadline(deployment),
            "selector": {"matchLabels": selector(deployment, member)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "template": pod_template(deployment, member),
        },
    }
