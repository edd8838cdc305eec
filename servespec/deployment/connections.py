"""What is outside of a service: what each connection means, and who in the deployment names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from servespec.deployment.secret_keys import SecretKey
from servespec.records import dataclass
from servespec.spans import Route

if TYPE_CHECKING:
    from servespec.deployment.batch import Batch
    from servespec.deployment.streaming import Streaming
    from servespec.deployment.types import Deployment

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
class Credentials:
    """A secret, its keys by what they hold, and how they are shown where there are several ways."""

    secret: str
    keys: Mapping[str, str]
    mechanism: str | None

    def key(self, held: str) -> SecretKey | None:
        """Where something stands in the secret; None when nobody says so."""
        return SecretKey(self.secret, self.keys[held]) if held in self.keys else None


@dataclass(frozen=True)
class Connection:
    """One of them."""

    name: str
    type: str
    endpoint: str | None
    region: str | None
    account: str | None
    brokers: tuple[str, ...]
    auth: str
    """`none`, `workload` or `secret`."""
    credentials: Credentials | None
    """What is shown with `secret`."""
    tls: bool
    """Whether something is said of TLS."""
    ca: SecretKey | None
    """The certificate of who vouches for the other side."""
    ports: tuple[int, ...]
    """The TCP ports of the other side."""

    @property
    def keys(self) -> tuple[SecretKey, ...]:
        """Every key of a secret that it takes."""
        shown = self.credentials
        own = tuple(SecretKey(shown.secret, key) for key in shown.keys.values()) if shown else ()
        return (*own, *((self.ca,) if self.ca else ()))


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
