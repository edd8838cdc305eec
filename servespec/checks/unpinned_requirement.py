"""Some of the requirements name no version.

What they install is another thing tomorrow, so the image can't be built again as it was, and the one that is tested
is not the one that runs.

Bad:
```yaml
image: {requirements: requirements-unpinned.txt}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servespec.checks.wording import shown
from servespec.deployment.requirements_file import Requirement, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unpinned-requirement"
SEVERITY = Severity.WARNING

_SHOWN = 5


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The requirements file, and the one that a model of MLflow brings, when some of its lines are open."""
    files: list[tuple[Route, str, Iterable[Requirement]]] = [
        (("image", "requirements"), deployment.image.requirements or "", requirements(deployment, facts))
    ]
    if deployment.model.format == "mlflow":
        from servespec.deployment.model_packages import model_packages  # start-up: most models have none

        own = model_packages(deployment, facts)
        files.append((("model", "uri"), own.path, own.taken))
    for route, path, lines in files:
        if found := [line for line in lines if line.name and not line.pinned]:
            yield _unpinned(route, path, found)


def _unpinned(route: Route, path: str, found: list[Requirement]) -> Diagnostic:
    places = ", ".join(f"{shown(line.name or '')} (line {line.line})" for line in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return warning(
        CODE,
        f"{shown(path)} leaves versions open",
        Label(route, f"no version: {places}{more}"),
        help=f"write {shown(f'{found[0].name}==')} and the version; `pip freeze` lists those that you have",
    )
