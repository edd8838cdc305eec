"""How a platform watches a server, from the server's facts."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.runtimes.catalog import SERVERS
from servespec.targets.container import Metrics


def metrics(deployment: Deployment) -> Metrics | None:
    """Where the deployment's server tells its metrics; None for one that tells none."""
    server = SERVERS[deployment.runtime.server]
    if server.metrics is None or server.request_metrics is None:
        return None
    where, path = server.metrics.value
    private = server.private_ports.get(where)
    port = private.value if private else deployment.runtime.protocols[where]
    return Metrics(port, path, *server.request_metrics.value)
