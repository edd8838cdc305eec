"""Variants that want a token each have their own, and no client can know which to show.

TorchServe makes its token anew at each start. With several of it behind one address, a client would have to know
which of them answers.

Bad:
```yaml
model: {format: pytorch, uri: ./model}
variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {version: "2.0"}}]
```
Good:
```yaml
model: {format: pytorch, uri: ./model}
security: {authorization: none, reason: only the gateway reaches it}
variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {version: "2.0"}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "variant-token"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The variants, when one of them wants a token of its own."""
    if deployment.security.authorization != "token":
        return
    servers = {variant.runtime.server for variant in deployment.variants}
    for server in sorted(servers):
        if SERVERS[server].key_file is not None:
            yield _own_token(SERVERS[server].title)


def _own_token(title: str) -> Diagnostic:
    variants = Label(("variants",), f"each {title} here has a token of its own", Part.KEY)
    return error(
        CODE,
        f"{title} makes a token for each variant",
        Label(("security", "authorization"), f"each {title} behind the address has its own", otherwise=variants),
        help="write `security: {authorization: none, reason: …}`, and let only trusted callers reach it",
    )
