"""The contract of secrets: what must exist in a cluster before the service can run there, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import field

from servespec.artifacts import Artifact, Language, Origin, Structured
from servespec.deployment.cluster import Expose
from servespec.deployment.connections import Connection
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scores_in_pods
from servespec.emit import markdown, template
from servespec.emit.quoted import Data, traced, unwrap
from servespec.records import dataclass, replace
from servespec.targets.kube.storage import Shaped

# https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
_OPAQUE = "Opaque"
_REGISTRY = "kubernetes.io/dockerconfigjson"
_TLS = "kubernetes.io/tls"
_PAIR = ("tls.crt", "tls.key")


@dataclass(frozen=True)
class Needed:
    """A secret that must exist."""

    name: str
    type: str
    keys: tuple[str, ...]
    readers: tuple[str, ...]
    """A variable of the server, or what else takes it."""
    origin: Origin
    values: Mapping[str, str] = field(default_factory=dict)
    """What is known of its keys and its annotations."""


def needed(deployment: Deployment, shaped: Sequence[Shaped] = (), *, expose: Expose | None = None) -> Iterator[Needed]:
    """Every secret that the service, what it is connected to, its image or its address needs, once each; `shaped` are
    those that a platform reads in place of a connection's own."""
    found: dict[str, Needed] = {}
    replaced = frozenset(item.connection for item in shaped)
    for item in (*_needed(deployment, replaced), *_of_address(expose), *map(_of_platform, shaped)):
        known = found.get(item.name)
        found[item.name] = _both(known, item) if known else item
    yield from found.values()


def _both(one: Needed, other: Needed) -> Needed:
    """What is needed of a secret that two things need."""
    keys, readers = (*one.keys, *other.keys), (*one.readers, *other.readers)
    kind = one.type if one.type != _OPAQUE else other.type
    return replace(
        one,
        type=kind,
        keys=tuple(dict.fromkeys(keys)),
        readers=tuple(dict.fromkeys(readers)),
        values={**one.values, **other.values},
    )


def _of_platform(shaped: Shaped) -> Needed:
    own = {key: text for key, text in shaped.values.items() if text != f"<{key} of {shaped.name}>"}
    readers = (f"connection {shaped.connection}",)
    return Needed(shaped.name, _OPAQUE, tuple(shaped.values), readers, shaped.origin, {**own, **shaped.annotations})


def _needed(deployment: Deployment, replaced: Set[str]) -> Iterator[Needed]:
    for index, secret in enumerate(deployment.secrets):
        variables = tuple(f"env {name}" for name in _variables(deployment, secret.name))
        yield Needed(secret.name, _OPAQUE, secret.keys, variables, f"secrets[{index}]")
    for index, connection in enumerate(deployment.connections):
        if connection.name not in replaced:
            yield from _of_connection(connection, f"connections[{index}]")
    for index, name in enumerate(deployment.identity.image_pull_secrets):
        where = f"identity.imagePullSecrets[{index}]"
        yield Needed(name, _REGISTRY, (".dockerconfigjson",), ("image",), where)


def _of_address(expose: Expose | None) -> Iterator[Needed]:
    if expose and expose.tls:
        yield Needed(expose.tls, _TLS, _PAIR, ("ingress",), "network.expose.tls")


def _of_connection(connection: Connection, where: Origin) -> Iterator[Needed]:
    readers, shown = (f"connection {connection.name}",), connection.credentials
    if shown:
        keys = tuple(shown.keys.values())
        yield Needed(shown.secret, _TLS if set(keys) == set(_PAIR) else _OPAQUE, keys, readers, f"{where}.auth")
    if connection.ca:
        yield Needed(connection.ca.secret, _OPAQUE, (connection.ca.key,), readers, f"{where}.tls.ca")


def _variables(deployment: Deployment, secret: str) -> Iterator[str]:
    servers = [deployment.runtime, *(variant.runtime for variant in deployment.variants)]
    given = [runtime.env for runtime in servers]
    if deployment.batch and scores_in_pods(deployment):
        given.append(deployment.batch.env)
    names = dict.fromkeys(
        name for env in given for name, value in env.items() if isinstance(value, SecretKey) and value.secret == secret
    )
    yield from names


def secret_files(secrets: Sequence[Needed], *, namespace: Data = None) -> Iterator[Artifact]:
    """The contract for people and for programs; no file where nothing is needed."""
    if not secrets:
        return
    listed: list[Data] = [
        traced(
            {
                "name": secret.name,
                "namespace": namespace,
                "type": secret.type,
                "keys": list(secret.keys),
                "readBy": list(secret.readers),
                **({"values": dict(secret.values)} if secret.values else {}),
            },
            secret.origin,
        )
        for secret in secrets
    ]
    # In a folder of their own: `kubectl apply` takes every JSON file beside the manifests for an object.
    yield Artifact("needs/secrets.json", Structured({"secrets": listed}), Language.JSON)
    yield Artifact(
        "needs/secrets.md", template.render("kube/secrets.md", _slots(secrets, namespace)), Language.MARKDOWN
    )


def _slots(secrets: Sequence[Needed], namespace: Data) -> dict[str, template.Slot]:
    place, origins = unwrap(namespace, ())
    known = [(secret, *item) for secret in secrets for item in secret.values.items()]
    return {
        "values": [
            {
                "secret": markdown.code(secret.name, secret.origin),
                "name": markdown.code(name, secret.origin),
                "text": markdown.code(text, secret.origin) if text else None,
            }
            for secret, name, text in known
        ],
        "place": markdown.code(place, *origins) if isinstance(place, str) else None,
        "secrets": [
            {
                "name": markdown.code(secret.name, secret.origin),
                "type": markdown.code(secret.type, secret.origin),
                "keys": [markdown.code(key, secret.origin) for key in secret.keys],
                "readers": [markdown.code(reader, secret.origin) for reader in secret.readers],
            }
            for secret in secrets
        ],
    }
