"""Who reaches the pods, and whom they reach: everything else is closed."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.deployment.called import called, runs_model
from servespec.deployment.cluster import Peer
from servespec.deployment.fetching import fetched
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME, STREAMING
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import IDENTITY_SERVERS
from servespec.targets.kube.members import Member, metadata, of_component, selector
from servespec.targets.kube.ports import metrics_port, ports

_NAMESPACE = "kubernetes.io/metadata.name"  # every namespace bears it, with its own name
_HTTPS = 443
_DNS: list[Data] = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]


def policy(
    deployment: Deployment, member: Member, *, collector: Data = None, stored: tuple[Origin, ...] = ()
) -> dict[str, Data]:
    """The NetworkPolicy of a member; `collector` is the namespace from which metrics are collected, if they are, and
    `stored` what is kept where no connection leads, but HTTPS."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(deployment, member),
        "spec": {
            "podSelector": {"matchLabels": selector(deployment, member)},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": list(_ingress(deployment, member, collector)),
            "egress": traced([*_egress(deployment, member, stored), *_to_server(deployment, member)], "network.egress"),
        },
    }


def _ingress(deployment: Deployment, member: Member, collector: Data) -> Iterator[Data]:
    runs = member.image.container
    callers, open_ = deployment.network.callers, [name for name, _ in ports(runs) if name != "metrics"]
    listens: list[Data] = [{"port": name, "protocol": "TCP"} for name in open_]
    if not listens:  # a rule without ports would be one for all of them
        callers = ()
    if callers is None:
        everybody: Data = [{"podSelector": {}}]
        yield {"from": traced(everybody, "network.callers"), "ports": listens}
    for index, caller in enumerate(callers or ()):
        yield {"from": [traced(peer(caller), f"network.callers[{index}]")], "ports": listens}
    if callers and member.component == REALTIME and _asks(deployment):
        yield {"from": [_pods_of(deployment, STREAMING)], "ports": listens}
    port = metrics_port(runs)
    if collector is not None and port:
        yield {
            "from": [{"namespaceSelector": {"matchLabels": {_NAMESPACE: collector}}}],
            "ports": [{"port": port, "protocol": "TCP"}],
        }


def _egress(deployment: Deployment, member: Member, stored: tuple[Origin, ...]) -> Iterator[Data]:
    yield {"ports": _DNS}
    for index, connection in called(deployment, member.component):
        # A policy can't name hosts: whatever listens at the port of a connection may be called there.
        open_: list[Data] = [{"port": port, "protocol": "TCP"} for port in connection.ports]
        yield traced({"ports": open_}, f"connections[{index}]")
        if connection.auth == "workload":
            yield from _to_identity(connection.type, f"connections[{index}].auth")
    if stored:
        yield traced({"ports": [{"port": _HTTPS, "protocol": "TCP"}]}, *stored)
    model = deployment.model
    known = model.credentials.storage or model.credentials.registry
    if runs_model(deployment, member.component) and fetched(model) and known is None:
        yield traced({"ports": [{"port": _HTTPS, "protocol": "TCP"}]}, "model.uri")
    for index, outside in enumerate(deployment.network.egress):
        rule: dict[str, Data] = {"to": [peer(outside)]}
        if outside.ports:
            rule["ports"] = [{"port": port, "protocol": "TCP"} for port in outside.ports]
        yield traced(rule, f"network.egress[{index}]")


def _to_identity(kind: str, why: Origin) -> Iterator[Data]:
    """Where pods get the tokens with which they ask a storage, as far as that is not by HTTPS."""
    for address, numbers in IDENTITY_SERVERS.value.get(kind, ()):
        open_: list[Data] = [{"port": port, "protocol": "TCP"} for port in numbers]
        rule: Data = {"to": [{"ipBlock": {"cidr": address}}], "ports": open_}
        yield traced(rule, why, "fact:kubernetes.IDENTITY_SERVERS")


def _to_server(deployment: Deployment, member: Member) -> Iterator[Data]:
    """What workers that run no model themselves ask."""
    if member.component == STREAMING and _asks(deployment):
        port = traced(deployment.runtime.protocols["rest"], "runtime.protocols.rest")
        yield {"to": [_pods_of(deployment, REALTIME)], "ports": [{"port": port, "protocol": "TCP"}]}


def _asks(deployment: Deployment) -> bool:
    return deployment.streaming is not None and deployment.streaming.scoring == REALTIME


def _pods_of(deployment: Deployment, component: str) -> Data:
    return traced({"podSelector": {"matchLabels": of_component(deployment, component)}}, "streaming.scoring")


def peer(given: Peer) -> dict[str, Data]:
    """Pods or addresses, as a policy names them."""
    if given.cidr is not None:
        return {"ipBlock": {"cidr": given.cidr}}
    data: dict[str, Data] = {}
    if given.namespace is not None:
        data["namespaceSelector"] = {"matchLabels": {_NAMESPACE: given.namespace}}
    if given.labels or given.namespace is None:
        data["podSelector"] = {"matchLabels": dict(given.labels)} if given.labels else {}
    return data
