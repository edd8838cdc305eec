"""The name or the path under which the service is reached is not valid.

A name is one of DNS in lower-case letters, without scheme, port and path; the first part may be `*`. A path begins with
`/`.

Bad:
```yaml
network: {expose: {host: "https://fraud.example.com", tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
```
Good:
```yaml
network: {expose: {host: fraud.example.com, tls: fraud-tls}, callers: [{namespace: ingress-nginx}]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import is_subdomain
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-address"
SEVERITY = Severity.ERROR

# Read: gateway-api v1.6.1, HTTPPathMatch, 2026-11; an Ingress is not that strict.
_PATH = re.compile(r"/(?:[A-Za-z0-9/_.~!$&'()*+,;=:@-]|%[0-9a-fA-F]{2})*", re.ASCII)
_NOT_A_PATH = re.compile(r"//|/\.{1,2}(?:/|$)")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The host and the path, when they are wrong."""
    expose = deployment.network.expose
    if expose is None:
        return
    for field, host in (("host", expose.host), ("grpcHost", expose.grpc_host)):
        if host is not None and (not is_subdomain(host.removeprefix("*.")) or "." not in host):
            yield _no_host(field, host)
    if not _PATH.fullmatch(expose.path) or _NOT_A_PATH.search(expose.path):
        yield _no_path(expose.path)


def _no_host(field: str, host: str) -> Diagnostic:
    near = typed(re.sub(r"^[a-z]+://|[:/].*$", "", host.strip().lower()))
    return error(
        CODE,
        f"{shown(host)} can't be the name of a host",
        Label(("network", "expose", field), "no name of DNS"),
        help=f"write `{near}`"
        if near and is_subdomain(near) and "." in near
        else "write a name such as `fraud.example.com`",
    )


def _no_path(path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is not the path of an address",
        Label(("network", "expose", "path"), "begins with `/`, and has no `//`, `.` or `..` in it"),
        help="write a path such as `/fraud`",
    )
