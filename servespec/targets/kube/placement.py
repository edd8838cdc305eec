"""On which nodes pods run, and as whom."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import Toleration
from servespec.deployment.platform import Platform
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import has_account
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import MIN_DOMAINS_SINCE, NODE_TAINTS_SINCE
from servespec.targets.kube.members import Member, selector

_APART = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")
"""Labels of nodes whose values say where they are (https://kubernetes.io/docs/reference/labels-annotations-taints)."""


def placement(deployment: Deployment) -> dict[str, Data]:
    """The fields of a pod's spec that say on which nodes it may run."""
    given, data = deployment.placement, dict[str, Data]()
    if given.node_selector:
        data["nodeSelector"] = {
            name: traced(value, f"placement.nodeSelector.{name}") for name, value in given.node_selector.items()
        }
    if tolerations := list(_tolerations(deployment)):
        data["tolerations"] = tolerations
    if given.priority_class:
        data["priorityClassName"] = traced(given.priority_class, "placement.priorityClass")
    if given.runtime_class:
        data["runtimeClassName"] = traced(given.runtime_class, "placement.runtimeClass")
    return data


def _tolerations(deployment: Deployment) -> Iterator[Data]:
    for index, item in enumerate(deployment.placement.tolerations):
        yield traced(_toleration(item), f"placement.tolerations[{index}]")
    if devices := deployment.resources.accelerator:
        # Nodes with devices are tainted with what they are called, so that nothing else takes their place.
        data: Data = {"key": devices.resource, "operator": "Exists", "effect": "NoSchedule"}
        yield traced(data, "resources.accelerator")


def _toleration(item: Toleration) -> Data:
    written: dict[str, Data] = {
        "key": item.key,
        "operator": item.operator,
        "value": item.value,
        "effect": item.effect,
        "tolerationSeconds": item.toleration_seconds,
    }
    return {name: value for name, value in written.items() if value is not None}


def spread(deployment: Deployment, member: Member) -> dict[str, Data]:
    """Several pods of a member apart from each other; nothing for a lone one."""
    given, scaling = deployment.placement.spread, deployment.scaling
    most = scaling.autoscaling.max if scaling.autoscaling else scaling.replicas
    if given == "none" or most == 1:
        return {}
    unmet = _required(deployment.platform) if given == "required" else {"whenUnsatisfiable": "ScheduleAnyway"}
    return {
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": key,
                **{name: traced(value, "placement.spread") for name, value in unmet.items()},
                "labelSelector": {"matchLabels": selector(deployment, member)},
            }
            for key in _APART
        ]
    }


def _required(platform: Platform) -> dict[str, Data]:
    """No copy that is not apart: not all of them in the only place there is, and places that take none don't count."""
    found: dict[str, Data] = {"whenUnsatisfiable": "DoNotSchedule"}
    if platform.since(MIN_DOMAINS_SINCE.value):
        found["minDomains"] = 2
    if platform.since(NODE_TAINTS_SINCE.value):
        found["nodeTaintsPolicy"] = "Honor"
    return found


def identity(deployment: Deployment) -> dict[str, Data]:
    """As whom a pod runs, and with what its image is pulled. It gets no token for the cluster itself."""
    given = deployment.identity
    data: dict[str, Data] = {}
    if has_account(deployment):
        data["serviceAccountName"] = traced(given.service_account, "identity.serviceAccount")
    data["automountServiceAccountToken"] = False
    if given.image_pull_secrets:
        data["imagePullSecrets"] = [
            {"name": traced(name, f"identity.imagePullSecrets[{index}]")}
            for index, name in enumerate(given.image_pull_secrets)
        ]
    return data
