"""The budget of pods that may be missing when a cluster moves them."""

from __future__ import annotations

from servespec.deployment.platform import Platform
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import EVICTION_SINCE
from servespec.targets.kube.members import Member, metadata, selector


def budget(deployment: Deployment, member: Member, *, name: Data = None) -> dict[str, Data]:
    """The PodDisruptionBudget of a member with several pods: a lone pod under one could never be moved. It is called
    like the member's other objects, or by a name of its own."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {**metadata(deployment, member), **({} if name is None else {"name": name})},
        "spec": {
            "selector": {"matchLabels": selector(deployment, member)},
            "maxUnavailable": traced(deployment.disruption.allowed, "disruption.maxUnavailable"),
            **_broken(deployment.platform),
        },
    }


def _broken(platform: Platform) -> dict[str, Data]:
    """A pod that does not answer anyway may always go: else it would keep its node from being emptied."""
    if not platform.since(EVICTION_SINCE.value):
        return {}
    return {"unhealthyPodEvictionPolicy": traced("AlwaysAllow", "fact:kubernetes.EVICTION_SINCE", "platform")}
