"""The ports of a server's container by name: service meshes and gateways read off the name what is spoken there."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.emit.quoted import Data, traced
from servespec.targets.container import Container

HTTP = "http"
METRICS = "metrics"
_NAMES = {"rest": HTTP, "grpc": "grpc"}


def ports(container: Container) -> Iterator[tuple[str, Data]]:
    """Name and number of each port: those of clients, and that of the metrics where it is another."""
    for port in container.ports:
        yield _NAMES[port.protocol], traced(port.number, f"runtime.protocols.{port.protocol}")
    metrics = container.watched.metrics
    if metrics is not None and metrics.port not in (port.number for port in container.ports):
        yield METRICS, traced(metrics.port, container.why)


def metrics_port(container: Container) -> str | None:
    """The name of the port where metrics are told, if anywhere."""
    metrics = container.watched.metrics
    if metrics is None:
        return None
    return next((_NAMES[port.protocol] for port in container.ports if port.number == metrics.port), METRICS)
