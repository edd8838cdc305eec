"""The key of an annotation is not one that Kubernetes takes.

It has at most 63 letters, digits, `-`, `_` and `.`, perhaps with a domain and `/` before it.

Bad:
```yaml
identity: {annotations: {"role arn": "arn:aws:iam::123456789012:role/fraud"}}
```
Good:
```yaml
identity: {annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/fraud"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.names import is_label_key
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "invalid-annotation"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each key that is none."""
    for key in deployment.identity.annotations:
        if not is_label_key(key):
            yield _malformed(key)


def _malformed(key: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(key)} can't be the key of an annotation",
        Label(("identity", "annotations", key), "at most 63 letters, digits, `-`, `_` and `.`", Part.KEY),
        help="write a key such as `eks.amazonaws.com/role-arn`",
    )
