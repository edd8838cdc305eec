"""The model is somewhere that servespec can't fetch it from.

A model is a path in the project folder. Other places can't be compiled yet, and a spec that names one would give
files that do not work.

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
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unsupported-uri"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each address where a path is wanted."""
    for route, wanted in named(deployment):
        if name := scheme(wanted.path):
            yield _unsupported(route, name[:20])


def _unsupported(route: Route, name: str) -> Diagnostic:
    return error(
        CODE,
        f"nothing can be read from `{name}:` addresses",
        Label(route, "an address, where a path is wanted"),
        help="copy the files beside the spec, and name them by a relative path",
    )
