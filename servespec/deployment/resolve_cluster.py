"""The blocks `scaling`, `disruption`, `identity`, `placement` and `network` to what they mean."""

from __future__ import annotations

from servespec.deployment import cluster as types
from servespec.deployment.durations import Duration
from servespec.deployment.reading import Reader, by_key
from servespec.spec.network import Egress, Expose, Network, Peer
from servespec.spec.placement import Identity, Placement
from servespec.spec.scaling import Autoscaling, Scaling

_PERCENT = 70
"""Of what is requested, how much a copy is to use: what is left takes the load until another one is up."""


def scaling(given: Scaling) -> types.Scaling:
    """How many copies run."""
    automatic = _autoscaling(given.autoscaling) if given.autoscaling else None
    replicas = given.replicas or max(1, automatic.min if automatic else 1)
    return types.Scaling(replicas, automatic)


def _autoscaling(given: Autoscaling) -> types.Autoscaling:
    default = _PERCENT if given.metric in ("cpu", "memory") else None
    return types.Autoscaling(given.min, given.max, given.metric, given.target or default)


def identity(given: Identity, *, name: str) -> types.Identity:
    """As whom pods run."""
    return types.Identity(
        service_account=given.serviceAccount or name,
        made=given.serviceAccount is None or bool(given.annotations),
        annotations=by_key(given.annotations),
        image_pull_secrets=given.imagePullSecrets,
    )


def placement(reader: Reader, given: Placement) -> types.Placement:
    """Where pods run."""
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


def network(reader: Reader, given: Network, *, request: Duration) -> types.Network:
    """Who reaches whom; an answer has as long on its way as the server has for it, unless something else is said."""
    timeout = reader.duration(given.timeout, ("network", "timeout"), default="30s") if given.timeout else request
    return types.Network(
        expose=_expose(given.expose) if given.expose else None,
        timeout=timeout,
        callers=tuple(map(_peer, given.callers)) if given.callers is not None else None,
        egress=tuple(map(_peer, given.egress)),
    )


def _expose(given: Expose) -> types.Expose:
    gateway = given.gateway
    return types.Expose(
        host=given.host,
        path=given.path,
        tls=given.tls,
        ingress_class=given.ingressClass,
        gateway=types.Gateway(gateway.name, gateway.namespace, gateway.listener) if gateway else None,
    )


def _peer(given: Peer) -> types.Peer:
    ports = given.ports if isinstance(given, Egress) else ()
    return types.Peer(given.namespace, by_key(given.labels), given.cidr, ports)
