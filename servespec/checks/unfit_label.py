"""The owner, or a label, can't be a label of a pod.

Kubernetes takes at most 63 letters, digits, `-`, `_` and `.` as the value of a label, with a letter or digit at both
ends, and keeps keys below `kubernetes.io/` for itself: servespec's own stand there. A pod with others is refused.

Bad:
```yaml
owner: Risk & Fraud
image: {requirements: requirements.txt, repository: registry.example.com/ml/fraud-detector}
targets: {seldon: }
```
Good:
```yaml
owner: risk-and-fraud
image: {requirements: requirements.txt, repository: registry.example.com/ml/fraud-detector}
targets: {seldon: }
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unfit-label"
SEVERITY = Severity.ERROR

_ON_CLUSTERS = ("kserve", "kubernetes", "seldon")
# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set (read 2026-11)
_VALUE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", re.ASCII)
_KEPT = ("kubernetes.io", "k8s.io")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The owner and each label, as far as a pod can't have them."""
    if not any(target in _ON_CLUSTERS for target in deployment.targets):
        return
    if deployment.owner and not _VALUE.fullmatch(deployment.owner):
        yield _owner(deployment.owner)
    for key in deployment.labels:
        if key.partition("/")[0].endswith(_KEPT) and "/" in key:
            yield _kept(key)


def _owner(owner: str) -> Diagnostic:
    near = re.sub(r"[^A-Za-z0-9._-]+", "-", owner.lower())[:63].strip("-_.")
    return error(
        CODE,
        f"{shown(owner, 24)} can't be the label of a pod",
        Label(("owner",), "at most 63 letters, digits, `-`, `_` and `.`"),
        help=f"write `{near}`" if near else "write a word such as `risk-ml`",
    )


def _kept(key: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(key, 30)} can't be set here",
        Label(("labels", key), "Kubernetes keeps this prefix, and servespec says what stands there", Part.KEY),
        help="use a key of your own, such as `example.com/team`",
    )
