"""How many copies run of each thing that is scaled."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import Scaling
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.spans import Route


def scalings(deployment: Deployment) -> Iterator[tuple[Route, Scaling]]:
    """Each block that says how many copies run, once: that of the spec may be that of its workers."""
    yield ("scaling",), deployment.scaling
    streaming = deployment.streaming
    if streaming and (deployment.patterns != (STREAMING,) or streaming.scaling != deployment.scaling):
        yield ("streaming", "scaling"), streaming.scaling
