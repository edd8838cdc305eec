"""What KServe can't express in one of its modes, or for a model from a storage."""

from __future__ import annotations

from collections.abc import Mapping

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
_CANARIES: Mapping[str, Support] = {
    "variants": approximated(
        "only the one that gets the most requests is scaled; of the others there are always as many"
    )
}


def narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """The rows of the table that are others for this deployment and these options."""
    assert isinstance(options, KServeOptions)
    sharing = sum(not variant.shadow for variant in deployment.variants)
    canaries = _CANARIES if sharing > 1 and deployment.scaling.autoscaling else {}
    knative = _knative(deployment) if mode_of(deployment, options) == KNATIVE else {}
    return {**shipped_rows(deployment), **canaries, **knative}


def _knative(deployment: Deployment) -> Mapping[str, Support]:
    gated = {
        _OF_A_POD[field]: dropped(f"Knative refuses it, unless `{GATED.value[field]}` is turned on")
        for field in refused_fields(deployment.platform)
    }
    return {**_KNATIVE, **gated}
