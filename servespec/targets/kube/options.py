"""Options that the targets for Kubernetes share."""

from __future__ import annotations

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said


class Prometheus(Node):
    """The Prometheus of the cluster: what it collects, and where it is asked."""

    namespace: Said | None = Field(default=None, examples=["monitoring"])
    """The namespace from which it collects the server's metrics, as its operator tells it. Default: it collects nothing
    that this would have to say."""
    address: Said | None = Field(default=None, examples=["http://prometheus.monitoring:9090"])
    """Where it is asked how many copies the load needs, for `scaling.autoscaling` by `rps` and `concurrency`."""
    labels: dict[str, str] = Field(default={}, examples=[{"release": "prometheus"}])
    """Labels by which it finds what to collect."""
