"""What a deployment means to a cluster: how many copies, as whom, where, and who reaches whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from servespec.deployment.durations import Duration
from servespec.deployment.quantities import Quantity
from servespec.records import dataclass

PLATFORMS = ("kubernetes", "seldon", "kserve")
"""Targets that are applied to a cluster."""
LAG = "lag"
"""The metric of an autoscaler that counts the events that wait."""


@dataclass(frozen=True)
class Autoscaling:
    """From `min` to `max` copies, each with `target` of the metric."""

    min: int
    max: int
    metric: str
    target: int | None
    """None only where it is missing: a number of requests has no default."""


@dataclass(frozen=True)
class Scaling:
    """So many copies, or as many as the load asks for."""

    replicas: int
    """At the start, when they are scaled."""
    autoscaling: Autoscaling | None

    @property
    def several(self) -> bool:
        """Whether there is always more than one copy."""
        return self.replicas > 1


@dataclass(frozen=True)
class Disruption:
    """How many copies may be missing: a number, or a percentage as text; None where nothing is said."""

    max_unavailable: int | str | None = None

    @property
    def allowed(self) -> int | str:
        """How many of several may be missing."""
        return 1 if self.max_unavailable is None else self.max_unavailable


@dataclass(frozen=True)
class Identity:
    """The service account, whether it is ours to make, and what images are pulled with."""

    service_account: str
    made: bool
    annotations: Mapping[str, str] = field(default_factory=dict)
    image_pull_secrets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Toleration:
    """A taint that is tolerated."""

    key: str | None
    operator: str
    value: str | None
    effect: str | None
    toleration_seconds: int | None


@dataclass(frozen=True)
class Placement:
    """Where pods run."""

    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: tuple[Toleration, ...] = ()
    priority_class: str | None = None
    runtime_class: str | None = None
    shared_memory: Quantity | None = None
    spread: str = "preferred"


@dataclass(frozen=True)
class Gateway:
    """A Gateway that exists."""

    name: str
    namespace: str | None
    listener: str | None


@dataclass(frozen=True)
class Expose:
    """The name under which the service is reachable from outside the cluster."""

    host: str
    grpc_host: str | None
    path: str
    tls: str | None
    ingress_class: str | None
    gateway: Gateway | None


@dataclass(frozen=True)
class Peer:
    """Pods, or addresses; `ports` only of those that are called, none for all."""

    namespace: str | None
    labels: Mapping[str, str]
    cidr: str | None
    ports: tuple[int, ...] = ()


@dataclass(frozen=True)
class Network:
    """Who reaches whom."""

    timeout: Duration
    expose: Expose | None = None
    callers: tuple[Peer, ...] | None = None
    """None for every pod of the namespace."""
    egress: tuple[Peer, ...] = ()
