"""Two listeners of the server are on one port.

The server ends at its start when a port is taken. Besides the ports for clients it has private ones, which are never
published: TorchServe has 8081 (management), 8082 (metrics) and 7071 (management over gRPC).

Bad:
```yaml
runtime: {protocols: {rest: 8081}}
```
Good:
```yaml
runtime: {protocols: {rest: 8080}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "port-clash"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each port that has two listeners."""
    server = SERVERS[deployment.runtime.server]
    private = {fact.value: purpose for purpose, fact in server.private_ports.items()}
    ports = deployment.runtime.protocols
    if len(set(ports.values())) < len(ports):
        yield _both(ports["rest"])
    for protocol, port in ports.items():
        if port in private:
            yield _taken(protocol, port, purpose=private[port], server=server.title)


def _both(port: int) -> Diagnostic:
    return error(
        CODE,
        f"REST and gRPC are both on port {port}",
        Label(("runtime", "protocols", "grpc"), "gRPC listens here"),
        Label(("runtime", "protocols", "rest"), "and REST here"),
        help="give one of them another port",
    )


def _taken(protocol: str, port: int, *, purpose: str, server: str) -> Diagnostic:
    return error(
        CODE,
        f"port {port} is {server}'s own",
        Label(("runtime", "protocols", protocol), f"its port for {purpose}"),
        help=f"leave `{protocol}` out, or give another port",
    )
