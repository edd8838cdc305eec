"""The spec gives a port to a protocol that the server does not speak.

Which server speaks what is one table, in the reference of targets.

Bad:
```yaml
model: {format: mlflow, uri: ./mlflow}
runtime: {protocols: {grpc: 8081}}
```
Good:
```yaml
model: {format: mlflow, uri: ./mlflow}
runtime: {protocols: {rest: 8081}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unfit-protocol"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each protocol that the server lacks."""
    server = SERVERS[deployment.runtime.server]
    for protocol in deployment.runtime.protocols:
        if protocol not in server.ports:
            yield _unfit(protocol, server=server.title, known=tuple(server.ports))


def _unfit(protocol: str, *, server: str, known: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{server} has no `{protocol}` API",
        Label(("runtime", "protocols", protocol), f"it has {one_of(known)}", Part.KEY),
        help="take it out, or choose another server",
    )
