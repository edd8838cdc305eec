"""What KServe can't express in one of its modes, or for a model from a storage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from servespec.deployment.addresses import storage_address
from servespec.deployment.connections import Connection
from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.runtimes.kserve import GATED
from servespec.runtimes.kubernetes import PROGRESS_SECONDS
from servespec.targets.contract import Support, approximated, dropped
from servespec.targets.kserve.cluster import KNATIVE, mode_of, refused_fields
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.probes import progress_seconds
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
_SLOW: Mapping[str, Support] = {
    "runtime.timeouts.startup": approximated(
        "KServe lets nobody say how long a rollout may take: after 10 min it counts as failed, and goes on"
    )
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
    slow = {} if knative or progress_seconds(deployment) <= PROGRESS_SECONDS.value else _SLOW
    return {**shipped_rows(deployment), **elsewhere, **_untold(deployment), **canaries, **slow, **knative}


def _untold(deployment: Deployment) -> Mapping[str, Support]:
    """Where a storage is, KServe reads from the service account, for one that stands for a role."""
    if deployment.identity.made:
        return {}
    rows: dict[str, Support] = {}
    for item in _storages(deployment):
        if item.type == "s3" and item.auth == "workload":
            row = dropped(f"KServe reads it of the service account, which has to have {_notes(item)}")
            rows |= {} if item.endpoint is None else {"connections.endpoint": row}
            rows |= {} if item.region is None else {"connections.region": row}
    return rows


def _notes(connection: Connection) -> str:
    from servespec.targets.kserve.storage import s3_notes  # most accounts are made, or have no role

    return ", ".join(f"`{name}: {json.dumps(text)}`" for name, text in s3_notes(connection).items())


def _storages(deployment: Deployment) -> Iterator[Connection]:
    """Those from which KServe fetches."""
    models = [variant.model for variant in deployment.variants if not variant.shadow] or [deployment.model]
    for model in models:
        connection = connection_named(deployment, model.credentials.storage)
        if connection is not None and storage_address(model) is not None:
            yield connection


def _is_elsewhere(deployment: Deployment) -> bool:
    """Whether the model, which KServe fetches, is in a storage that speaks like a cloud's and is not that."""
    return any(item.type in _CLOUDS and item.endpoint is not None for item in _storages(deployment))


def _knative(deployment: Deployment) -> Mapping[str, Support]:
    gated = {
        _OF_A_POD[field]: dropped(f"Knative refuses it, unless `{GATED.value[field]}` is turned on")
        for field in refused_fields(deployment.platform)
    }
    return {**_KNATIVE, **gated, **_of_devices(deployment)}


def _of_devices(deployment: Deployment) -> Mapping[str, Support]:
    """The toleration that `resources.accelerator` brings is one of those that Knative refuses."""
    if deployment.resources.accelerator is None or "tolerations" not in refused_fields(deployment.platform):
        return {}
    feature = GATED.value["tolerations"]
    words = f"the taint of its nodes is tolerated only where Knative's `{feature}` is turned on"
    return {"resources.accelerator": approximated(words)}
