"""Two files of the model have one name, and the archive, or the image, has one folder for all of them.

The last one copied would silently stand in the other's place.

Bad:
```yaml
model: {code: model/model.py, extraFiles: [two-weights/model.py]}
```
Good:
```yaml
model: {code: model/model.py, extraFiles: [model/labels.json]}
```
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.checks.python_roles import python_roles
from servespec.checks.wording import shown
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.torchserve import SERVER
from servespec.spans import Route

CODE = "archive-clash"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that two different files of the archive would have."""
    taken: dict[str, tuple[str, Route]] = {}
    for path, route in _files(deployment, facts):
        name = posixpath.basename(path)
        other, at = taken.setdefault(name.casefold(), (path, route))
        if other != path:
            yield _clash(name, route=route, other=other, at=at)


def _files(deployment: Deployment, facts: Facts) -> Iterator[tuple[str, Route]]:
    layout = pytorch_layout(deployment.model, facts)
    if layout.weights:
        yield layout.weights, ("model", "uri")
    for role in python_roles(deployment, facts):
        yield role.fact.path, role.at
    for index, path in enumerate(deployment.model.extra_files):
        # TorchServe's archiver takes what is in a folder, not the folder.
        children = facts.file(path).children if deployment.runtime.server == SERVER.name else ()
        for child in children or ("",):
            yield posixpath.join(path, child).rstrip("/"), ("model", "extraFiles", index)


def _clash(name: str, *, route: Route, other: str, at: Route) -> Diagnostic:
    return error(
        CODE,
        f"two files of the model are called {shown(name, 20)}",
        Label(route, "this one would overwrite the other"),
        Label(at, f"{shown(other)} comes from here"),
        help="rename one of them",
    )
