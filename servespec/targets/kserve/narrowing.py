"""What KServe can't express in one of its modes, or for a model from a storage."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.addresses import storage_address
from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.runtimes.kserve import GATED
from servespec.targets.contract import Support, approximated, dropped
from servespec.targets.kserve.cluster import KNATIVE, mode_of, refused_fields
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.shipped_support import shipped_rows

_KNATIVE: Mapping[str, Support] = {
    "runtime.protocols.grpc": dropped("Knative lets requests through to one port, here that of REST"),
    "runtime.timeouts.shutdown": dropped("Knative itself says how long a pod may take to end"),
}
_OF_A_POD = {
    "nodeSelector": "placement.nodeSelector",
    "priorityClassName": "placement.priorityClass",
    "runtimeClassName": "placement.runtimeClass",
    "tolerations": "placement.tolerations",
    "topologySpreadConstraints": "placement.spread",
}
"""What a pod's fields are made of."""
_CLOUDS = ("gs", "azure")
"""Types of storages that KServe knows by the names of their clouds alone."""
_ELSEWHERE: Mapping[str, Support] = {
    "connections.endpoint": dropped("KServe fetches from Google's and Azure's own addresses, whatever it is told")
}
_BY_ROUTE = "who asks within the cluster, past the Gateway, gets the one with the most weight"
_SHARING: Mapping[str, Support] = {"variants": approximated(_BY_ROUTE)}
_SCALED: Mapping[str, Support] = {
    "variants": approximated(f"{_BY_ROUTE}; only that is scaled, and of the others there are always as many")
}


def narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """The rows of the table that are others for this deployment and these options."""
    assert isinstance(options, KServeOptions)
    sharing = sum(not variant.shadow for variant in deployment.variants)
    shared = _SCALED if deployment.scaling.autoscaling else _SHARING
    canaries = shared if sharing > 1 else {}
    knative = _knative(deployment) if mode_of(deployment, options) == KNATIVE else {}
    elsewhere = _ELSEWHERE if _is_elsewhere(deployment) else {}
    return {**shipped_rows(deployment), **elsewhere, **canaries, **knative}


def _is_elsewhere(deployment: Deployment) -> bool:
    """Whether the model, which KServe fetches, is in a storage that speaks like a cloud's and is not that."""
    connection = connection_named(deployment, deployment.model.credentials.storage)
    if connection is None or storage_address(deployment.model) is None:
        return False
    return connection.type in _CLOUDS and connection.endpoint is not None


def _knative(deployment: Deployment) -> Mapping[str, Support]:
    gated = {
        _OF_A_POD[field]: dropped(f"Knative refuses it, unless `{GATED.value[field]}` is turned on")
        for field in refused_fields(deployment.platform)
    }
    return {**_KNATIVE, **gated}
