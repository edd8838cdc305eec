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

from collections.abc import Iterator

from servespec.checks.project_paths import local_paths, near
from servespec.checks.wording import shown
from servespec.deployment.layout import SUFFIXES
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind
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
            yield _missing(route, path, meant=near(path, facts))


def _missing(route: Route, path: str, *, meant: str | None) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} does not exist",
        Label(route, "nothing is there"),
        help=f"did you mean {shown(meant, 60)}?" if meant else "paths start from the folder of the spec",
    )
