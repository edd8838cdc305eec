"""The model's weights are not there.

Everything but the archive itself can be made without them, so this stops nothing: a checkout for review or CI often
has none. They must be there when the image is built.

Bad:
```yaml
model: {uri: ./model/elsewhere.pt, code: model/model.py}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import leaves_project, scheme
from servespec.checks.wording import shown
from servespec.deployment.layout import WEIGHTS
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts, Kind

CODE = "missing-weights"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model, when its weights are missing."""
    uri = deployment.model.uri
    if scheme(uri) or leaves_project(uri):
        return
    there = facts.file(uri)
    if there.kind is Kind.MISSING and uri.endswith(WEIGHTS):
        yield _missing(uri)
    elif there.kind is Kind.FOLDER and not any(child.endswith(WEIGHTS) for child in there.children):
        yield _empty(uri)


def _missing(uri: str) -> Diagnostic:
    return warning(
        CODE,
        f"the weights {shown(uri)} are not there",
        Label(("model", "uri"), "no such file"),
        help="bring them here before the image is built",
    )


def _empty(uri: str) -> Diagnostic:
    return warning(
        CODE,
        f"the folder {shown(uri)} holds no weights",
        Label(("model", "uri"), "no `*.pt` and no `*.pth` in it"),
        help="name the weights file itself here, or bring one before the image is built",
    )
