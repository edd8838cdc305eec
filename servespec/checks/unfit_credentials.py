"""The connection of a model does not lead to where the model is.

An address says by its scheme which storage it is in: `s3://` is S3, `gs://` Google Cloud Storage, `az://` Azure, where
only a connection says whose, and `https://` is a file behind HTTPS, at or below the connection's `endpoint`.

Bad:
```yaml
connections: [{name: models, type: gs, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: models}}
targets: {kserve: }
```
Good:
```yaml
connections: [{name: models, type: s3, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: models}}
targets: {kserve: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.connections import connection_named
from servespec.deployment.registry import SCHEME as REGISTRY
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.fetching import SCHEMES

CODE = "unfit-credentials"
SEVERITY = Severity.ERROR

_GIVEN = ("model", "credentials", "storage")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's connection, when it is another one's, or when there has to be one."""
    model = deployment.model
    kind = SCHEMES.get(scheme(model.uri) or "")
    if kind is None or scheme(model.uri) == REGISTRY:
        return
    connection = connection_named(deployment, model.credentials.storage)
    if connection is None:
        if kind == "azure" and model.credentials.storage is None:
            yield _whose()
    elif connection.type != kind:
        yield _other(connection.type, kind)
    elif kind == "https" and not _is_below(model.uri, connection.endpoint or ""):
        yield _elsewhere(connection.endpoint or "")


def _is_below(uri: str, endpoint: str) -> bool:
    return uri.startswith(f"{endpoint.rstrip('/')}/")


def _whose() -> Diagnostic:
    return error(
        CODE,
        "nothing says in whose account the model is",
        Label(("model", "uri"), "names a container, and every account may have one of that name"),
        help="name a connection of the type `azure` in `model.credentials.storage`",
    )


def _other(kind: str, wanted: str) -> Diagnostic:
    return error(
        CODE,
        f"a connection to `{kind}` leads to no such address",
        Label(_GIVEN, f"is of the type `{kind}`"),
        Label(("model", "uri"), f"is for one of the type `{wanted}`"),
        help=f"name a connection of the type `{wanted}`",
    )


def _elsewhere(endpoint: str) -> Diagnostic:
    return error(
        CODE,
        "the model is not where its connection leads",
        Label(_GIVEN, "what it shows would be shown to somebody else"),
        Label(("model", "uri"), "does not begin with the connection's `endpoint`"),
        help=f"name an address below `{endpoint}`, or take the connection out" if endpoint else "give it an `endpoint`",
    )
