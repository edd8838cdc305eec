"""Where a client finds the server by itself, and how long it waits."""

from __future__ import annotations

from servespec.deployment.types import Deployment


def url(deployment: Deployment, protocol: str) -> str:
    """The server's address on this machine, as compose publishes it."""
    return f"http://127.0.0.1:{deployment.runtime.protocols[protocol]}"


def seconds(deployment: Deployment) -> float:
    """How long the server may take for an answer."""
    return deployment.runtime.timeouts.request.milliseconds / 1000
