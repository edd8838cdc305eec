"""A connection is declared, and nothing names it.

What it takes must exist where the service runs, and a cluster lets the service through to it: for nothing.

Bad:
```yaml
connections: [{name: models, type: s3, region: eu-central-1, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib"}
targets: {kserve: }
```
Good:
```yaml
connections: [{name: models, type: s3, region: eu-central-1, auth: workload}]
model: {format: sklearn, uri: "s3://models/fraud/model.joblib", credentials: {storage: models}}
targets: {kserve: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.connections import references
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "unused-connection"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each of them."""
    runs = (deployment, *(view(deployment, variant) for variant in deployment.variants))
    named = {reference.name for each in runs for reference in references(each)}
    for index, item in enumerate(deployment.connections):
        if item.name not in named:
            yield _unused(index, item.name)


def _unused(index: int, name: str) -> Diagnostic:
    return warning(
        CODE,
        f"nothing uses the connection {shown(name)}",
        Label(("connections", index, "name"), "named nowhere else"),
        help="name it where it is needed, as in `model: {credentials: {storage: …}}`, or take it out",
    )
