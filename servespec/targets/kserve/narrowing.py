"""What KServe can't express in one of its modes, or for a model from a storage."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.addresses import storage_address
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.targets.contract import Support, approximated, dropped
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.shipped_support import SHIPPED_ROWS

_KNATIVE: Mapping[str, Support] = {
    "runtime.protocols.grpc": dropped("Knative lets requests through to one port, here that of REST"),
    **dict.fromkeys(
        ("placement.nodeSelector", "placement.tolerations", "placement.priorityClass", "placement.runtimeClass"),
        dropped("Knative refuses it, unless the cluster has turned a feature on"),
    ),
    "placement.spread": dropped("Knative refuses it, unless the cluster has turned a feature on"),
    "runtime.timeouts.shutdown": dropped("Knative itself says how long a pod may take to end"),
}
_CANARIES: Mapping[str, Support] = {
    "variants": approximated(
        "only the one that gets the most requests is scaled; of the others there are always as many"
    )
}


def narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """The rows of the table that are others for this deployment and these options."""
    assert isinstance(options, KServeOptions)
    shipped = SHIPPED_ROWS if storage_address(deployment.model) else {}
    sharing = sum(not variant.shadow for variant in deployment.variants)
    canaries = _CANARIES if sharing > 1 and deployment.scaling.autoscaling else {}
    return {**shipped, **canaries, **(_KNATIVE if options.mode == "Knative" else {})}
