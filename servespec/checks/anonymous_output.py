"""What a batch writes is written to a storage as nobody.

A connection without `auth` shows no credentials, not even those that its machine or pod has. So what is public can be
read; but hardly any storage lets strangers write. Whoever has one that does says so in `suppress`.

Bad:
```yaml
pattern: batch
connections: [{name: lake, type: s3}]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "s3://scores/{interval.start:%Y-%m-%d}", connection: lake}
```
Good:
```yaml
pattern: batch
connections: [{name: lake, type: s3, auth: workload}]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "s3://scores/{interval.start:%Y-%m-%d}", connection: lake}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "anonymous-output"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The connection of the output. Of Azure, whose scheme is `az`, `unfit-credentials` tells as an error."""
    batch = deployment.batch
    given = connection_named(deployment, batch.output.connection) if batch else None
    if batch and given and given.auth == "none" and given.type == scheme(str(batch.output.uri)):
        yield _nobody(("connections", deployment.connections.index(given)))


def _nobody(connection: Route) -> Diagnostic:
    named = Label(("batch", "input", "connection"), "writes there too")
    return warning(
        CODE,
        "what is scored is written without credentials",
        Label(("batch", "output", "connection"), "has no credentials", otherwise=named),
        Label((*connection, "auth"), "shows nothing", otherwise=Label(connection, "without `auth`, shows nothing")),
        help="write `auth: workload` in the connection, or `auth: {secret: NAME}`",
    )
