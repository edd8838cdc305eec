"""A connection shows a password or a token to the other side without TLS.

Whoever is on the way reads it, and can be the service from then on. Of Kafka's mechanisms only `PLAIN` sends the
password itself. What stays on the machine is nobody else's to read.

Bad:
```yaml
pattern: streaming
connections: [{name: e, type: kafka, brokers: ["kafka:9092"], auth: {secret: kafka-user, mechanism: PLAIN}}]
streaming: {source: {connection: e, topic: payments}, sink: {topic: scores}, features: [a, b, c, d]}
```
Good:
```yaml
pattern: streaming
connections: [{name: e, type: kafka, brokers: ["kafka:9093"], auth: {secret: kafka-user, mechanism: PLAIN}, tls: {}}]
streaming: {source: {connection: e, topic: payments}, sink: {topic: scores}, features: [a, b, c, d]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.connections import Connection
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "password-without-tls"
SEVERITY = Severity.WARNING

_SENT = frozenset({"password", "token"})
_HERE = re.compile(r"(?:http://)?(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?:[:/].*)?")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each connection whose secret crosses the network as it is."""
    for index, item in enumerate(deployment.connections):
        if item.credentials and _is_plain(item) and _leaves_the_machine(item):
            sent = next((held for held in item.credentials.keys if held in _SENT), None)
            if sent is not None:
                yield _in_the_clear(index, item, sent)


def _is_plain(item: Connection) -> bool:
    if item.type == "kafka":
        return not item.tls and item.credentials is not None and item.credentials.mechanism == "PLAIN"
    if item.type == "nats":
        return not item.tls
    return item.type == "mlflow" and (item.endpoint or "").startswith("http:")


def _leaves_the_machine(item: Connection) -> bool:
    return not all(map(_HERE.fullmatch, item.brokers or (item.endpoint or "",)))


def _in_the_clear(index: int, item: Connection, sent: str) -> Diagnostic:
    helps = {
        "kafka": "add `tls: {}`, and the port for it; or leave `mechanism` out: with SCRAM the password is never sent",
        "nats": "add `tls: {}`",
        "mlflow": "write an endpoint with `https://`",
    }
    return warning(
        CODE,
        f"{shown(item.name, 20)} is shown a {sent} without TLS",
        Label(("connections", index, "auth"), f"the {sent} crosses the network unencrypted"),
        help=helps[item.type],
    )
