"""The address of a connection is not valid.

An endpoint is a URL of HTTP: a scheme, a name, maybe a port and a path. A broker is a name or an address and its port.

Bad:
```yaml
connections: [{name: models, type: s3, endpoint: "minio.example.com:9000"}]
```
Good:
```yaml
connections: [{name: models, type: s3, endpoint: "https://minio.example.com:9000"}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: models}}
targets: {kserve: }
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import PORT
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-endpoint"
SEVERITY = Severity.ERROR

_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
_URL = re.compile(rf"https?://{_HOST}(?:{PORT})?(?:/[A-Za-z0-9._~%/-]*)?", re.ASCII)
_BROKER = re.compile(f"{_HOST}{PORT}", re.ASCII)
_BARE = re.compile(f"{_HOST}(?:{PORT})?", re.ASCII)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each endpoint that is no URL, and each broker that is no name with a port."""
    for index, item in enumerate(deployment.connections):
        at = ("connections", index)
        if item.endpoint is not None and not _URL.fullmatch(item.endpoint):
            yield _no_url((*at, "endpoint"), item.endpoint)
        elif item.type == "https" and item.endpoint and item.endpoint.startswith("http:"):
            yield _in_the_clear((*at, "endpoint"), item.endpoint)
        for position, broker in enumerate(item.brokers):
            if not _BROKER.fullmatch(broker):
                yield _no_broker((*at, "brokers", position), broker, usual=4222 if item.type == "nats" else 9092)


def _no_url(route: Route, text: str) -> Diagnostic:
    near = typed(f"https://{text}") if _BARE.fullmatch(text) else None
    return error(
        CODE,
        f"{shown(text)} is not an HTTP address",
        Label(route, "needs a scheme and a name, as in `https://models.example.com`"),
        help=f"write `{near}`" if near else "write an address such as `https://models.example.com`",
    )


def _in_the_clear(route: Route, text: str) -> Diagnostic:
    return error(
        CODE,
        "a connection of the type `https` needs HTTPS",
        Label(route, "anyone on the way could change what is fetched"),
        help=f"write `{typed('https' + text.removeprefix('http')) or 'https://models.example.com'}`",
    )


def _no_broker(route: Route, text: str, *, usual: int) -> Diagnostic:
    name = re.sub(r"^[a-z]+://|/.*$", "", text)
    near = typed(name if _BROKER.fullmatch(name) else f"{name}:{usual}")
    return error(
        CODE,
        f"{shown(text)} is not the address of a broker",
        Label(route, "needs a name and a port, and nothing else"),
        help=f"write `{near}`" if near and _BROKER.fullmatch(near) else "write one such as `kafka-1.example.com:9092`",
    )
