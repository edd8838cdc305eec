"""What runs in a container of its own: the server of each realtime face, a batch scorer, a stream's worker."""

from __future__ import annotations

from collections.abc import Iterable

from servespec.deployment.types import Deployment

REALTIME = "realtime"
"""The model server that answers clients. A workload is called by the pattern that it serves."""
BATCH = "batch"
"""The job that scores files."""


def image_makers(deployment: Deployment) -> tuple[str, ...]:
    """The targets whose files the images of a deployment are made of, one a pattern."""
    makers = {REALTIME: deployment.runtime.server}
    return tuple(makers[pattern] for pattern in deployment.patterns if pattern in makers)


def default_targets(pattern: str, *, server: str) -> tuple[str, ...]:
    """What a pattern is compiled to when the spec names no targets, for the model server of that name."""
    return {REALTIME: (server, "docker", "compose"), BATCH: (BATCH, "docker")}[pattern]


def dockerfile_name(workload: str, workloads: Iterable[str]) -> str:
    """The name of a workload's Dockerfile in its folder: the realtime one's, and a lone one's, is the usual name."""
    plain = workload == REALTIME or len(tuple(workloads)) == 1
    return "Dockerfile" if plain else f"{workload}.Dockerfile"
