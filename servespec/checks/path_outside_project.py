"""A path leads out of the project folder.

The project folder is the one of `serving.yaml`. It is the build context, and what is built from it must be in it for
everyone who checks it out: no absolute paths, no `..` beyond it, no links to the outside.

Bad:
```yaml
model: {uri: ../models/fraud}
```
Good:
```yaml
model: {uri: ./model}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import archived_paths, below, leaves_project
from servespec.checks.wording import shown
from servespec.deployment.addresses import scheme
from servespec.deployment.named import named
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind
from servespec.spans import Route

CODE = "path-outside-project"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path that leads out."""
    for route, wanted in named(deployment):
        if scheme(wanted.path):
            continue
        if leaves_project(wanted.path):
            yield _leaves(route, wanted.path)
        elif facts.file(wanted.path).kind is Kind.OUTSIDE:
            yield _linked(route, wanted.path)
    copied = (
        (("image", "files", index, "source"), path)
        for index, file in enumerate(deployment.image.files)
        for path in below(file.source, facts)
    )
    for route, path in (*archived_paths(deployment, facts), *copied):
        if facts.file(path).kind is Kind.OUTSIDE:
            yield _linked(route, path)


def _leaves(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is outside the project folder",
        Label(route, "paths start from the folder of the spec, and stay in it"),
        help="move what is needed beside the spec, and name it by a relative path",
    )


def _linked(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is a link to the outside",
        Label(route, "what it points to is not in this repository"),
        help="put the file itself in the link's place",
    )
