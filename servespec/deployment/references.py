"""Who in a deployment names its connections."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.batch import Batch
from servespec.deployment.connections import Connection
from servespec.deployment.streaming import Streaming
from servespec.deployment.types import Deployment
from servespec.records import dataclass
from servespec.spans import Route

STORAGES = ("s3", "gs", "azure", "https")
"""The types from which files are fetched."""
OBJECTS = ("s3", "gs", "azure")
"""Those of them that files are written to as well."""
REGISTRIES = ("mlflow",)
"""Those that say where the files of a model are."""
BROKERS = ("kafka", "nats")
"""Those that streams of events come from and go to."""
SCHEMA_REGISTRIES = ("https",)
"""Those that know the schemas of events."""


@dataclass(frozen=True)
class Reference:
    """A field that names a connection, and the types that one may have there."""

    route: Route
    name: str
    types: tuple[str, ...]


def references(deployment: Deployment) -> Iterator[Reference]:
    """Each field that names a connection, those of variants left to their own deployments."""
    given: Route = ("model", "credentials")
    shown = deployment.model.credentials
    if shown.storage is not None:
        yield Reference((*given, "storage"), shown.storage, STORAGES)
    if shown.registry is not None:
        yield Reference((*given, "registry"), shown.registry, REGISTRIES)
    if deployment.batch is not None:
        yield from _of_batch(deployment.batch)
    if deployment.streaming is not None:
        yield from _of_stream(deployment.streaming)


def _of_batch(batch: Batch) -> Iterator[Reference]:
    source, output = batch.input.connection, batch.output.connection
    if source is not None:
        yield Reference(("batch", "input", "connection"), source, OBJECTS)
    if output is not None and output != source:
        yield Reference(("batch", "output", "connection"), output, OBJECTS)


def _of_stream(streaming: Streaming) -> Iterator[Reference]:
    for side, place in (("source", streaming.source), ("sink", streaming.sink)):
        if side == "source" or place.connection != streaming.source.connection:
            yield Reference(("streaming", side, "connection"), place.connection, BROKERS)
        if place.encoding.registry is not None:
            yield Reference(("streaming", side, "registry"), place.encoding.registry, SCHEMA_REGISTRIES)


def connection_named(deployment: Deployment, name: str | None) -> Connection | None:
    """The connection of that name, when one is named; a check refuses names that there are not."""
    return next((item for item in deployment.connections if item.name == name), None)


def written_at(deployment: Deployment, name: str) -> str:
    """Where the spec has the connection of that name: the origin of what comes of it."""
    return f"connections[{[item.name for item in deployment.connections].index(name)}]"
