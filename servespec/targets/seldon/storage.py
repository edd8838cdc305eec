"""A connection as Seldon's rclone reads it: in version 1 as variables, in version 2 as one configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator

from servespec.deployment.connections import Connection
from servespec.deployment.fetching import SCHEME_OF
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.runtimes.seldon import GOOGLE_API, RCLONE, RCLONE_KEYS
from servespec.targets.kube.storage import Shaped, told_key


def as_variables(deployment: Deployment, connection: Connection) -> Shaped:
    """The secret that `envSecretRefName` names."""
    remote = SCHEME_OF[connection.type].upper()
    values = {f"RCLONE_CONFIG_{remote}_{name.upper()}": text for name, text in _options(connection)}
    return Shaped(_name(deployment, connection, "rclone"), values, connection.credentials is not None)


def as_configuration(deployment: Deployment, connection: Connection) -> Shaped:
    """The secret that `secretName` names: its one key holds all."""
    kind, *options = _options(connection)
    text = json.dumps({"type": kind[1], "name": SCHEME_OF[connection.type], "parameters": dict(options)})
    return Shaped(_name(deployment, connection, "rclone-config"), {"rclone": text}, connection.credentials is not None)


def _name(deployment: Deployment, connection: Connection, what: str) -> str:
    shown = connection.credentials
    return f"{shown.secret if shown else f'{deployment.name}-{connection.name}'}-{what}"


def _options(connection: Connection) -> Iterator[tuple[str, str]]:
    """What rclone calls everything, its type first."""
    kind = connection.type
    yield "type", RCLONE.value[kind]
    if kind == "s3":
        yield "provider", "Other" if connection.endpoint else "AWS"
        yield "env_auth", _truth(connection.auth == "workload")
    elif connection.auth == "workload":
        yield ("env_auth" if kind == "gs" else "use_msi"), "true"
    elif connection.auth == "none" and kind == "gs":
        yield "anonymous", "true"
    said = {"endpoint": _endpoint(connection), "region": connection.region, "account": connection.account}
    yield from ((name, text) for name, text in said.items() if text is not None)
    if shown := connection.credentials:
        for held, key in shown.keys.items():
            yield RCLONE_KEYS.value[held], told_key(SecretKey(shown.secret, key))


def _endpoint(connection: Connection) -> str | None:
    """Google's is the address of its API, which the client of it takes as it is."""
    if connection.endpoint is None or connection.type != "gs":
        return connection.endpoint
    return f"{connection.endpoint.rstrip('/')}{GOOGLE_API.value}"


def _truth(value: bool) -> str:
    return "true" if value else "false"
