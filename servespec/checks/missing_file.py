"""A file or folder that the spec names is not there.

Code, requirements and what else goes into the image must be beside the spec. (Weights may be elsewhere until their
bytes are needed: see `missing-weights`.)

Bad:
```yaml
image: {requirements: requirement.txt}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.checks.project_paths import local_paths
from servespec.checks.wording import shown
from servespec.deployment.layout import SUFFIXES
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, FileFact, Kind
from servespec.spans import Route

CODE = "missing-file"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path at which nothing stands."""
    for route, path in local_paths(deployment):
        # A SavedModel that is not there yet is exported by what is made from the spec.
        weights = route == ("model", "uri") and (
            path.endswith(SUFFIXES[deployment.model.format]) or deployment.model.format == "tensorflow"
        )
        windows = "\\" in path  # why it is not there, which `unwritable-text` says
        if not weights and not windows and facts.file(path).kind is Kind.MISSING:
            yield _missing(route, path, near=_near(path, facts))


def _near(path: str, facts: Facts) -> str | None:
    """A path that was perhaps meant, among the files that are known."""
    folder, name = posixpath.split(path)
    beside = {child.rstrip("/") for child in facts.file(folder or ".").children}
    beside |= {posixpath.basename(fact.path) for fact in facts.files.values() if _is_in(fact, folder)}
    near = closest(name, beside)
    return posixpath.join(folder, near) if near else None


def _is_in(fact: FileFact, folder: str) -> bool:
    return posixpath.dirname(fact.path) == folder and fact.kind in (Kind.FILE, Kind.FOLDER)


def _missing(route: Route, path: str, *, near: str | None) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} does not exist",
        Label(route, "nothing is there"),
        help=f"did you mean {shown(near, 60)}?" if near else "paths start from the folder of the spec",
    )
