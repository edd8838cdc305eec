"""Whom each workload calls: what leads to the model is not for what runs none, nor a batch's storage for a server."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.connections import Connection
from servespec.deployment.references import BROKERS, Reference, references
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING

TOPICS = "topics"
"""What makes the topics of a stream, before its workers start."""


def called(deployment: Deployment, workload: str) -> Iterator[tuple[int, Connection]]:
    """The connections that are used by what runs there, with their places in the spec. One that nothing names is left
    to a server: its handler may know what it is for."""
    named = tuple(references(deployment))
    used = {reference.name for reference in named if _uses(deployment, workload, reference)}
    if workload == REALTIME:
        used |= {item.name for item in deployment.connections} - {reference.name for reference in named}
    for index, item in enumerate(deployment.connections):
        if item.name in used:
            yield index, item


def runs_model(deployment: Deployment, workload: str) -> bool:
    """Whether the model is loaded there."""
    if workload == STREAMING:
        return deployment.streaming is not None and deployment.streaming.scoring == "worker"
    return workload in (REALTIME, BATCH)


def _uses(deployment: Deployment, workload: str, reference: Reference) -> bool:
    block = reference.route[0]
    if workload == TOPICS:
        return block == STREAMING and reference.types == BROKERS
    return block == workload or (block == "model" and runs_model(deployment, workload))
