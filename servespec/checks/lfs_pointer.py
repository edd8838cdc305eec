"""A Git LFS pointer stands where the bytes of a file should.

Git LFS checks out a small text in place of each big file until it is asked for the file itself. A server that is
given the text can't load it, and pip can't install it.

Bad:
```yaml
model: {uri: ./pointer/model.pt, code: model/model.py}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import below, local_paths
from servespec.checks.wording import shown
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "lfs-pointer"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each named file, the weights of a named folder, and what is below others, that is a pointer."""
    weights = pytorch_layout(deployment.model, facts).weights
    for route, path in local_paths(deployment):
        path = weights if route == ("model", "uri") and weights else path
        whole = route != ("model", "uri") or deployment.model.format == "mlflow"
        inside = below(path, facts) if whole else ()
        for one in (path, *inside):
            if facts.file(one).lfs_pointer:
                yield _pointer(route, one)


def _pointer(route: Route, path: str) -> Diagnostic:
    return warning(
        CODE,
        f"{shown(path)} is a Git LFS pointer",
        Label(route, "a few lines of text in place of the file"),
        help=f'run `git lfs pull --include "{path}"`',
    )
