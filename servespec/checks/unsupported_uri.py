"""The model is somewhere that servespec can't fetch it from.

A model is a path in the project folder; one of MLflow may also be an address in its registry, `models:/name/version`.
Other places can't be compiled yet, and a spec that names one would give files that do not work.

Bad:
```yaml
model: {uri: "s3://models/fraud/model.pt"}
```
Good:
```yaml
model: {uri: ./model}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import scheme
from servespec.deployment.named import named
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unsupported-uri"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each address where a path is wanted."""
    of_mlflow = deployment.model.format == "mlflow"
    for route, wanted in named(deployment):
        if route == ("model", "uri") and of_mlflow and registry_address(wanted.path):
            continue  # looked up by the server when it starts
        if name := scheme(wanted.path):
            yield _unsupported(route, name[:20], by_mlflow=route == ("model", "uri") and of_mlflow)


def _unsupported(route: Route, name: str, *, by_mlflow: bool) -> Diagnostic:
    copy = "`mlflow artifacts download -u ADDRESS -d model` copies it" if by_mlflow else "copy the files"
    return error(
        CODE,
        f"nothing can be read from `{name}:` addresses",
        Label(route, "an address, where a path is wanted"),
        help=f"{copy} beside the spec; name what is there by a relative path",
    )
