"""A label is not one that every place it goes to would take.

Labels stand on the running service, in the form that Kubernetes takes: a key of at most 63 letters, digits, `-`, `_`
and `.`, perhaps with a domain and `/` before it; a value of the same characters, or nothing.

Bad:
```yaml
labels: {"cost center": "4711"}
```
Good:
```yaml
labels: {cost-center: "4711"}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from servespec.checks.wording import shown
from servespec.deployment.names import is_label_key, is_label_value
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-label"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each label whose key or value is none."""
    for route, labels in _labels(deployment):
        for key, value in labels.items():
            if not is_label_key(key):
                yield _key((*route, key), key)
            if not is_label_value(value):
                yield _value((*route, key), value)


def _labels(deployment: Deployment) -> Iterator[tuple[Route, Mapping[str, str]]]:
    network = deployment.network
    yield ("labels",), deployment.labels
    yield ("placement", "nodeSelector"), deployment.placement.node_selector
    for field, peers in (("callers", network.callers or ()), ("egress", network.egress)):
        for index, peer in enumerate(peers):
            yield ("network", field, index, "labels"), peer.labels


def _key(route: Route, key: str) -> Diagnostic:
    near = _folded(key.lower())
    return error(
        CODE,
        f"{shown(key)} can't be the key of a label",
        Label(route, "at most 63 letters, digits, `-`, `_` and `.`", Part.KEY),
        help=f"write `{near}`" if near else "write a key such as `cost-center`",
    )


def _value(route: Route, value: str) -> Diagnostic:
    near = _folded(value)
    return error(
        CODE,
        f"{shown(value)} can't be the value of a label",
        Label(route, "at most 63 letters, digits, `-`, `_` and `.`"),
        help=f"write `{near}`, or put the sentence into `description`" if near else "put it into `description`",
    )


def _folded(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:63].strip("-._")
