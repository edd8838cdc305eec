"""The connection of a model, or of a batch's data, does not lead to where that is.

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
from typing import TYPE_CHECKING

from servespec.deployment.addresses import scheme
from servespec.deployment.references import OBJECTS, connection_named
from servespec.deployment.registry import SCHEME as REGISTRY
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.fetching import SCHEMES
from servespec.spans import Route, dotted

if TYPE_CHECKING:
    from servespec.deployment.batch import Batch
    from servespec.deployment.path_templates import PathTemplate

CODE = "unfit-credentials"
SEVERITY = Severity.ERROR

_GIVEN = ("model", "credentials", "storage")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each connection that is another one's, and each place for which there has to be one."""
    yield from _of_model(deployment)
    if deployment.batch is not None:
        yield from _of_data(deployment, deployment.batch)


def _of_model(deployment: Deployment) -> Iterator[Diagnostic]:
    model = deployment.model
    kind = SCHEMES.get(scheme(model.uri) or "")
    if kind is None or scheme(model.uri) == REGISTRY:
        return
    connection = connection_named(deployment, model.credentials.storage)
    if connection is None:
        if kind == "azure" and model.credentials.storage is None:
            yield _whose(("model", "uri"), "model.credentials.storage")
    elif connection.type != kind:
        yield _other(_GIVEN, ("model", "uri"), connection.type, kind)
    elif kind == "https" and not _is_below(model.uri, connection.endpoint or ""):
        yield _elsewhere(connection.endpoint or "")


def _of_data(deployment: Deployment, batch: Batch) -> Iterator[Diagnostic]:
    source, output, bad = batch.input, batch.output, batch.gates.bad_rows.output
    yield from _place(deployment, source.uri, source.connection, ("batch", "input"))
    if (output.connection, _kind(output.uri)) != (source.connection, _kind(source.uri)):  # else it is told above
        yield from _place(deployment, output.uri, output.connection, ("batch", "output"))
    if bad and _kind(bad) == "azure" != _kind(output.uri):
        yield _whose(("batch", "gates", "badRows", "output"), "batch.output.connection")


def _place(deployment: Deployment, uri: PathTemplate, name: str | None, side: Route) -> Iterator[Diagnostic]:
    kind, given = _kind(uri), connection_named(deployment, name)
    if kind not in OBJECTS and scheme(str(uri)):
        return  # `unfit-data-uri` says that no data can be there
    if given is not None and given.type != kind:
        yield _other((*side, "connection"), (*side, "uri"), given.type, kind)
    elif kind == "azure" and name is None:
        yield _whose((*side, "uri"), dotted((*side, "connection")))
    elif given is not None and kind == "azure" and given.auth == "none":
        yield _nobody((*side, "connection"), ("connections", deployment.connections.index(given), "auth"))


def _kind(uri: PathTemplate) -> str | None:
    return SCHEMES.get(scheme(str(uri)) or "")


def _is_below(uri: str, endpoint: str) -> bool:
    return uri.startswith(f"{endpoint.rstrip('/')}/")


def _whose(uri: Route, field: str) -> Diagnostic:
    return error(
        CODE,
        "nothing says in whose account that is",
        Label(uri, "names a container, and every account may have one of that name"),
        help=f"name a connection of the type `azure` in `{field}`",
    )


def _other(given: Route, uri: Route, kind: str, wanted: str | None) -> Diagnostic:
    is_for = f"is for one of the type `{wanted}`" if wanted else "is a path, which needs no connection"
    return error(
        CODE,
        f"a connection to `{kind}` leads to no such address",
        Label(given, f"is of the type `{kind}`"),
        Label(uri, is_for),
        help=f"name a connection of the type `{wanted}`" if wanted else "take the connection out",
    )


def _nobody(given: Route, auth: Route) -> Diagnostic:
    return error(
        CODE,
        "Azure is asked for data without credentials",
        Label(given, "has no credentials"),
        Label(auth, "`none`, unless it says something else", otherwise=Label(auth[:-1], "says nothing of it")),
        help="write `auth: workload`, or `auth: {secret: NAME}`",
    )


def _elsewhere(endpoint: str) -> Diagnostic:
    return error(
        CODE,
        "the model is not where its connection leads",
        Label(_GIVEN, "its credentials would be sent to another host"),
        Label(("model", "uri"), "does not begin with the connection's `endpoint`"),
        help=f"name an address below `{endpoint}`, or take the connection out" if endpoint else "give it an `endpoint`",
    )
