"""The blocks `scaling`, `identity`, `placement` and `network` to what they mean, and what their absence means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servespec.deployment import cluster as types
from servespec.deployment.durations import Duration
from servespec.deployment.reading import Reader, by_key

if TYPE_CHECKING:  # start-up: most specs have none of these
    from servespec.spec.network import Expose, Network, Peer
    from servespec.spec.placement import Identity, Placement
    from servespec.spec.scaling import Autoscaling, Scaling

_TARGETS = {"cpu": 70, "memory": 70, "lag": 100}
"""Of what is requested, how much a copy is to use: what is left takes the load until another one is up. Of a lag, what
a worker has scored within moments."""


def scaling(given: Scaling | None) -> types.Scaling:
    """How many copies run."""
    if given is None:
        return types.Scaling(1, None)
    automatic = _autoscaling(given.autoscaling) if given.autoscaling else None
    replicas = given.replicas or max(1, automatic.min if automatic else 1)
    return types.Scaling(replicas, automatic)


def _autoscaling(given: Autoscaling) -> types.Autoscaling:
    return types.Autoscaling(given.min, given.max, given.metric, given.target or _TARGETS.get(given.metric))


def identity(given: Identity | None, *, name: str) -> types.Identity:
    """As whom pods run."""
    if given is None:
        return types.Identity(name, made=True)
    return types.Identity(
        service_account=given.serviceAccount or name,
        made=given.serviceAccount is None or bool(given.annotations),
        annotations=by_key(given.annotations),
        image_pull_secrets=given.imagePullSecrets,
    )


def placement(reader: Reader, given: Placement | None) -> types.Placement:
    """Where pods run."""
    if given is None:
        return types.Placement()
    return types.Placement(
        node_selector=by_key(given.nodeSelector),
        tolerations=tuple(
            types.Toleration(item.key, item.operator, item.value, item.effect, item.tolerationSeconds)
            for item in given.tolerations
        ),
        priority_class=given.priorityClass,
        runtime_class=given.runtimeClass,
        shared_memory=reader.quantity(given.sharedMemory, ("placement", "sharedMemory"), example="1Gi"),
        spread=given.spread,
    )


def network(reader: Reader, given: Network | None, *, request: Duration) -> types.Network:
    """Who reaches whom; an answer has as long on its way as the server has for it, unless something else is said."""
    if given is None:
        return types.Network(request)
    timeout = reader.duration(given.timeout, ("network", "timeout"), default="30s") if given.timeout else request
    return types.Network(
        timeout=timeout,
        expose=_expose(given.expose) if given.expose else None,
        callers=tuple(map(_peer, given.callers)) if given.callers is not None else None,
        egress=tuple(_peer(item, item.ports) for item in given.egress),
    )


def _expose(given: Expose) -> types.Expose:
    gateway = given.gateway
    return types.Expose(
        host=given.host,
        grpc_host=given.grpcHost,
        path=given.path,
        tls=given.tls,
        ingress_class=given.ingressClass,
        gateway=types.Gateway(gateway.name, gateway.namespace, gateway.listener) if gateway else None,
    )


def _peer(given: Peer, ports: tuple[int, ...] = ()) -> types.Peer:
    return types.Peer(given.namespace, by_key(given.labels), given.cidr, ports)
