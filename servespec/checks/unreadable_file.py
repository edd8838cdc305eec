"""A path leads to something that can't be read.

Either this user may not read it, or it is no file at all: a device, a socket, a link that leads nowhere.

Bad:
```yaml
image: {requirements: dangling.txt}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import archived_paths, local_paths
from servespec.checks.wording import shown
from servespec.deployment.layout import SUFFIXES, pytorch_layout
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind
from servespec.spans import Route

CODE = "unreadable-file"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path at which there is nothing to read."""
    weights = pytorch_layout(deployment.model, facts).weights or ""
    absent = weights if weights.endswith(SUFFIXES[deployment.model.format]) else None  # `missing-weights` says so
    for route, path in (*local_paths(deployment), *archived_paths(deployment, facts)):
        kind = facts.file(path).kind
        if kind is Kind.UNREADABLE:
            yield _unreadable(route, path)
        elif kind is Kind.OTHER or (kind is Kind.DANGLING and path != absent):
            yield _no_file(route, path)


def _unreadable(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} can't be read",
        Label(route, "it is there, but this user may not read it"),
        help="let this user read it, as with `chmod u+r`, and the folders that it is in with `chmod u+x`",
    )


def _no_file(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is neither a file nor a folder",
        Label(route, "a device, a socket, or a link that leads nowhere"),
        help="put a file in its place",
    )
