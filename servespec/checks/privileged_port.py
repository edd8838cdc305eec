"""A port below 1024, which a container engine may not let a numeric user bind.

The server never runs as root. Whether it may bind such a port is decided by `net.ipv4.ip_unprivileged_port_start`
of the container's network: 0 with Docker since 20.10, 1024 with other engines and on the host's network.

The port that callers use can be another one. In a cluster `network.expose` puts an Ingress or a Gateway before the
service. Compose publishes the server's own port on loopback: an override says another, as below.

Bad:
```yaml
runtime: {protocols: {rest: 80}}
```
Good:
```yaml
runtime: {protocols: {rest: 8080}}
overrides:
  - target: compose
    file: compose.yaml
    merge: {services: {fraud-detector: {ports: ["127.0.0.1:80:8080"]}}}
    reason: callers on this machine use port 80
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "privileged-port"
SEVERITY = Severity.WARNING

_FIRST_FREE = 1024


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each port for clients that is privileged."""
    for protocol, port in deployment.runtime.protocols.items():
        if port < _FIRST_FREE:
            yield _privileged(protocol, port, user=deployment.security.run_as_user)


def _privileged(protocol: str, port: int, *, user: int) -> Diagnostic:
    return warning(
        CODE,
        f"user {user} may not be allowed to bind port {port}",
        Label(("runtime", "protocols", protocol), f"below {_FIRST_FREE}"),
        help=f"write {port + 8000}; the page of this rule shows how it is published as {port} all the same",
    )
