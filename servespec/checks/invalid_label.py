"""A label is not one that every place it goes to would take.

Labels stand on the image and on the running service, in the form that Kubernetes takes: a key of at most 63 letters,
digits, `-`, `_` and `.`, perhaps with a domain and `/` before it; a value of the same characters, or nothing.

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
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "invalid-label"
SEVERITY = Severity.ERROR

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set (read 2026-11)
_WORD = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_DOMAIN = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
_KEY = rf"(?:(?=[^/]{{1,253}}/){_DOMAIN}/)?{_WORD}"
_VALUE = rf"(?:{_WORD})?"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each label whose key or value is none."""
    for key, value in deployment.labels.items():
        if not re.fullmatch(_KEY, key):
            yield _key(key)
        if not re.fullmatch(_VALUE, value):
            yield _value(key, value)


def _key(key: str) -> Diagnostic:
    near = _folded(key.lower())
    return error(
        CODE,
        f"{shown(key)} can't be the key of a label",
        Label(("labels", key), "at most 63 letters, digits, `-`, `_` and `.`", Part.KEY),
        help=f"write `{near}`" if near else "write a key such as `cost-center`",
    )


def _value(key: str, value: str) -> Diagnostic:
    near = _folded(value)
    return error(
        CODE,
        f"{shown(value)} can't be the value of a label",
        Label(("labels", key), "at most 63 letters, digits, `-`, `_` and `.`"),
        help=f"write `{near}`, or put the sentence into `description`" if near else "put it into `description`",
    )


def _folded(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:63].strip("-._")
