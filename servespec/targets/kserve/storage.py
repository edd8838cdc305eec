"""A connection as KServe's own initialiser reads it: the keys of a secret, and annotations beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from servespec.deployment.addresses import scheme
from servespec.deployment.connections import Connection
from servespec.deployment.fetching import SCHEME_OF
from servespec.deployment.references import connection_named
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.runtimes.kserve import NOBODY, S3_NOTES, SECRET_KEYS
from servespec.targets.kube.predictors import Predictor
from servespec.targets.kube.storage import Shaped, told_key


def as_secret(deployment: Deployment, connection: Connection) -> Shaped | None:
    """The secret that an annotation of the service names; the spec's own where its keys are called as KServe wants."""
    shown, notes = connection.credentials, s3_notes(connection)
    if shown is None:
        anonymous = connection.type == "s3" and connection.auth == "none"
        name = f"{deployment.name}-{connection.name}"
        return Shaped(name, dict(NOBODY.value), secret=False, annotations=notes) if anonymous else None
    if connection.type == "https":
        return Shaped(f"{shown.secret}-kserve", _headers(connection), secret=True)
    wanted = {SECRET_KEYS.value[held]: told_key(SecretKey(shown.secret, key)) for held, key in shown.keys.items()}
    same = set(wanted) == set(shown.keys.values())
    name = shown.secret if same else f"{shown.secret}-kserve"
    return Shaped(name, wanted, secret=True, annotations=notes)


def address(predictor: Predictor) -> str:
    """Where a model is, as KServe has it: it knows Azure's containers by their accounts' hosts."""
    stored, model = predictor.stored, predictor.deployment.model
    assert stored is not None
    connection = connection_named(predictor.deployment, model.credentials.storage)
    if scheme(stored) != SCHEME_OF["azure"] or connection is None:
        return stored
    return f"https://{connection.account}.blob.core.windows.net/{stored.partition('://')[2]}"


def s3_notes(connection: Connection) -> dict[str, str]:
    """Where an S3 storage is, as annotations of a secret or of a service account that stands for a role."""
    return dict(_notes(connection)) if connection.type == "s3" else {}


def _notes(connection: Connection) -> Iterator[tuple[str, str]]:
    known: Mapping[str, str] = S3_NOTES.value
    if connection.endpoint:
        scheme, _, place = connection.endpoint.partition("://")
        yield known["endpoint"], place
        yield known["https"], "1" if scheme == "https" else "0"
    if connection.region:
        yield known["region"], connection.region


def _headers(connection: Connection) -> dict[str, str]:
    """KServe knows the headers of a host. A name and a password are to be written as HTTP has them."""
    shown, endpoint = connection.credentials, connection.endpoint
    assert shown is not None
    assert endpoint is not None
    token = shown.key("token")
    name, password = shown.key("username"), shown.key("password")
    if token:
        said = f"Bearer {told_key(token)}"
    else:
        assert name is not None
        assert password is not None
        said = f"Basic <base64 of {name.key}:{password.key} of {shown.secret}>"
    host = endpoint.partition("://")[2].partition("/")[0]
    return {"https-host": host, "headers": json.dumps({"Authorization": said})}
