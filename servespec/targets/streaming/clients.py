"""A connection as the clients of brokers and of a schema registry are told of it."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.connections import Connection
from servespec.deployment.names import secret_variable
from servespec.deployment.references import connection_named, written_at
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.streaming import KAFKA
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes import brokers as facts


def named(deployment: Deployment, name: str) -> Connection:
    """The connection of that name."""
    found = connection_named(deployment, name)
    assert found is not None, "a check refuses a name that is none"
    return found


def client(deployment: Deployment, name: str, *, more: Mapping[str, Data] | None = None) -> dict[str, Data]:
    """`client` and `secrets` of a connection to a broker: what is secret is named only, by the variable it is in.

    `more` are properties of the client that are not the connection's.
    """
    found, why = named(deployment, name), written_at(deployment, name)
    given = _kafka(found) if found.type == KAFKA else _nats(found)
    own = {key: traced(value, why) for key, value in given.items()}
    return {"client": {**own, **(more or {})}, "secrets": traced(secrets(found), why)}


def _kafka(found: Connection) -> dict[str, Data]:
    shown = found.credentials
    password = shown is not None and "password" in shown.keys
    protocol = f"{'SASL_' if password else ''}{'SSL' if found.tls else 'PLAINTEXT'}"
    properties: dict[str, Data] = {
        "bootstrap.servers": ",".join(found.brokers),
        "security.protocol": protocol if password or found.tls else "PLAINTEXT",
    }
    if password and shown is not None:
        properties["sasl.mechanism"] = shown.mechanism
    return properties


def _nats(found: Connection) -> dict[str, Data]:
    scheme = "tls" if found.tls else "nats"
    return {"servers": [f"{scheme}://{broker}" for broker in found.brokers], "tls": found.tls}


def secrets(found: Connection) -> dict[str, Data]:
    """What a client is shown, by its own name for it, each with the variable that holds it."""
    names: Mapping[str, str] = facts.SECRETS.value[found.type]
    return {names[held]: {"env": secret_variable(key.secret, key.key)} for held, key in keys(found).items()}


def keys(found: Connection) -> dict[str, SecretKey]:
    """The keys of secrets that a connection takes, by what they hold."""
    shown = found.credentials
    held = {name: SecretKey(shown.secret, key) for name, key in shown.keys.items()} if shown else {}
    return {**held, "ca": found.ca} if found.ca else held
