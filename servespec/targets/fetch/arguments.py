"""What the program is told that fetches a model: on its command line, and in its environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.artifacts import Origin
from servespec.deployment.addresses import stored_file
from servespec.deployment.connections import Connection
from servespec.deployment.fetching import asked
from servespec.deployment.layout import SUFFIXES, usual_name
from servespec.deployment.references import written_at
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment, Model
from servespec.records import dataclass
from servespec.runtimes.fetching import ANONYMOUS, CERTIFICATES, FOLDER, VARIABLES

_CLOUDS = ("s3", "gs", "azure")
"""Storages whose clients look everywhere for something to show, unless they are told not to."""


@dataclass(frozen=True)
class Variable:
    """A variable: a text, or a key of a secret; and why."""

    name: str
    value: str | SecretKey
    origin: Origin


def arguments(deployment: Deployment) -> tuple[str, ...]:
    """The command line after the program's name."""
    return (deployment.model.uri, FOLDER.value, *digest_flags(deployment.model))


def digest_flags(model: Model) -> tuple[str, ...]:
    """What each file must be, as far as that is known: a lock knows all of them."""
    if model.locked:
        known = (f"--sha256={digest.removeprefix('sha256:')}:{path}" for path, digest in model.locked.files.items())
        return (*known, "--nothing-else")
    if model.digest is None or not SUFFIXES[model.format]:
        return ()
    file = stored_file(model) or usual_name(model.format)
    return (f"--sha256={model.digest.removeprefix('sha256:')}:{file}",)


def variables(deployment: Deployment) -> Iterator[Variable]:
    """Where the storage and the registry are, and who asks them."""
    for number, connection in enumerate(asked(deployment)):
        at = written_at(deployment, connection.name)
        yield from _variables(connection, at)
        if connection.ca:
            suffix = "_REGISTRY" if number else ""
            yield Variable(f"{CERTIFICATES.value}{suffix}", connection.ca, f"{at}.tls.ca")


def _variables(connection: Connection, at: Origin) -> Iterator[Variable]:
    known = VARIABLES.value[connection.type]
    said: Mapping[str, str | None] = {
        "endpoint": connection.endpoint,
        "region": connection.region,
        "account": connection.account,
    }
    for name, text in said.items():
        if text is not None and name in known:
            yield Variable(known[name], text, f"{at}.{name}")
    if shown := connection.credentials:
        for held, key in shown.keys.items():
            yield Variable(known[held], SecretKey(shown.secret, key), f"{at}.auth")
    if connection.auth == "none" and connection.type in _CLOUDS:
        yield Variable(ANONYMOUS.value, "true", f"{at}.auth")
