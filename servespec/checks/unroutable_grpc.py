"""Clients outside of the cluster are to reach gRPC, and nothing can lead them there.

It takes a route of a Gateway; an Ingress leads REST only. A Gateway leads a name to one kind of route: of two for the
same name it takes the older one, and the other gets no request. And the server must speak gRPC.

Bad:
```yaml
network:
  expose: {host: fraud.example.com, grpcHost: fraud.example.com, gateway: {name: public}}
  callers: [{namespace: gateways}]
```
Good:
```yaml
network:
  expose: {host: fraud.example.com, grpcHost: fraud-grpc.example.com, gateway: {name: public}}
  callers: [{namespace: gateways}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unroutable-grpc"
SEVERITY = Severity.ERROR

# Read: gateway-api v1.6.1, apis/v1/grpcroute_types.go, Hostnames, 2026-11.
_ROUTE = ("network", "expose", "grpcHost")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What the name for gRPC lacks."""
    expose = deployment.network.expose
    if expose is None or expose.grpc_host is None:
        return
    if expose.gateway is None:
        yield _no_gateway()
    elif expose.grpc_host == expose.host:
        yield _same_name(expose.host)
    if "grpc" not in deployment.runtime.protocols:
        yield _unspoken(SERVERS[deployment.runtime.server].title)


def _no_gateway() -> Diagnostic:
    return error(
        CODE,
        "only a Gateway can route gRPC",
        Label(_ROUTE, "there is no `gateway`", Part.KEY),
        help="write `gateway: {name: …}` beside it, or take `grpcHost` out",
    )


def _same_name(host: str) -> Diagnostic:
    return error(
        CODE,
        "a Gateway can't route one name to REST and gRPC",
        Label(_ROUTE, "the same name"),
        Label(("network", "expose", "host"), "the one for REST"),
        help=f"write another one, such as `grpc.{host.removeprefix('*.')}`",
    )


def _unspoken(server: str) -> Diagnostic:
    return error(
        CODE,
        f"{server} does not speak gRPC",
        Label(_ROUTE, "nothing to lead there", Part.KEY),
        Label(("runtime", "server"), "the server", otherwise=Label(("model", "format"), "by default from this")),
        help="take `grpcHost` out, or choose another server",
    )
