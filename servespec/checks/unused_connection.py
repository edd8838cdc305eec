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
from servespec.deployment.references import BROKERS, REGISTRIES, references
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "unused-connection"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each of them."""
    runs = (deployment, *(view(deployment, variant) for variant in deployment.variants))
    named = {reference.name for each in runs for reference in references(each)}
    misspelt = named.difference(item.name for item in deployment.connections)
    for index, item in enumerate(deployment.connections):
        if item.name not in named and not closest(item.name, misspelt):
            yield _unused(index, item.name, item.type)


def _place(kind: str) -> str:
    """Where a connection of the type is named first."""
    if kind in BROKERS:
        return "streaming: {source: {connection: …}}"
    return f"model: {{credentials: {{{'registry' if kind in REGISTRIES else 'storage'}: …}}}}"


def _unused(index: int, name: str, kind: str) -> Diagnostic:
    return warning(
        CODE,
        f"nothing uses the connection {shown(name)}",
        Label(("connections", index, "name"), "named nowhere else"),
        help=f"name it where it is needed, as in `{_place(kind)}`, or take it out",
    )
