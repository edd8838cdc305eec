"""A connection to a storage as a platform reads it: a secret with keys of its own, and notes beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field

from servespec.artifacts import Origin
from servespec.deployment.connections import Connection
from servespec.deployment.references import connection_named, written_at
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.records import dataclass, replace
from servespec.targets.kube.predictors import Predictor


@dataclass(frozen=True)
class Shaped:
    """The secret: what is in it is fixed, or comes from a key of the spec's own secret."""

    name: str
    values: Mapping[str, str]
    """By key: a text; with `<key of secret>` in it where a part is not to be known here."""
    secret: bool
    """Whether any of it is secret. What is not can be made with everything else."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    connection: str = ""
    origin: Origin = ""


Shape = Callable[[Deployment, Connection], Shaped | None]
"""How a platform takes a connection; None where it needs no secret for it."""


def storage_of(deployment: Deployment, predictor: Predictor) -> Connection | None:
    """The connection by which a platform fetches a predictor's model."""
    if predictor.stored is None:
        return None
    return connection_named(deployment, predictor.deployment.model.credentials.storage)


def shaped(deployment: Deployment, served: Iterable[Predictor], shape: Shape) -> Iterator[tuple[Predictor, Shaped]]:
    """The secret of each predictor whose model a platform fetches with one."""
    for predictor in served:
        connection = storage_of(deployment, predictor)
        made = shape(deployment, connection) if connection else None
        if connection and made:
            yield predictor, _told(made, connection, written_at(deployment, connection.name))


def with_secrets(served: Iterable[Predictor], found: Iterable[tuple[Predictor, Shaped]]) -> tuple[Predictor, ...]:
    """The predictors, each with the name of its secret."""
    names = {predictor.name: traced(item.name, item.origin) for predictor, item in found}
    return tuple(replace(item, secret=names.get(item.name)) for item in served)


def _told(made: Shaped, connection: Connection, origin: Origin) -> Shaped:
    return Shaped(made.name, made.values, made.secret, made.annotations, connection.name, origin)


def own_secrets(
    deployment: Deployment, found: Iterable[tuple[Predictor, Shaped]], *, namespace: Data
) -> Iterator[tuple[str, Data]]:
    """The secrets in which nothing is secret, once each."""
    for name, item in {item.name: item for _, item in found if not item.secret}.items():
        head: dict[str, Data] = {"name": traced(name, item.origin)}
        if namespace is not None:
            head["namespace"] = namespace
        if item.annotations:
            head["annotations"] = traced(dict(item.annotations), item.origin)
        data: dict[str, Data] = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": head,
            "type": "Opaque",
            "stringData": traced(dict(item.values), item.origin),
        }
        yield f"secret-{item.connection}", data


def told_key(key: SecretKey) -> str:
    """What stands for the value of a key of a secret."""
    return f"<{key.key} of {key.secret}>"
