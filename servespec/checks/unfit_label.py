"""The owner, the release, or a label, can't be a label of a pod.

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
from servespec.deployment.cluster import PLATFORMS
from servespec.deployment.names import is_label_value
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unfit-label"
SEVERITY = Severity.ERROR

_KEPT = ("kubernetes.io", "k8s.io")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The owner, the release and each label, as far as a pod can't have them."""
    if not any(target in PLATFORMS for target in deployment.targets):
        return
    for field, text in (("owner", deployment.owner), ("release", deployment.release)):
        if text is not None and not is_label_value(text):
            yield _value(field, text)
    for key in deployment.labels:
        if key.partition("/")[0].endswith(_KEPT) and "/" in key:
            yield _kept(key)


def _value(field: str, text: str) -> Diagnostic:
    near = re.sub(r"[^a-z0-9._-]+", "-", text.lower())[:63].strip("-_.")
    return error(
        CODE,
        f"{shown(text, 24)} can't be the label of a pod",
        Label((field,), "at most 63 letters, digits, `-`, `_` and `.`"),
        help=f"write `{near}`" if near else "write a word such as `risk-ml`",
    )


def _kept(key: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(key, 30)} can't be set here",
        Label(("labels", key), "Kubernetes keeps this prefix, and servespec says what stands there", Part.KEY),
        help="use a key of your own, such as `example.com/team`",
    )
