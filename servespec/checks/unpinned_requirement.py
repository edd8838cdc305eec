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

from collections.abc import Iterator

from servespec.checks.requirements_file import Requirement, requirements
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "unpinned-requirement"
SEVERITY = Severity.WARNING

_SHOWN = 5


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The requirements file, when some of its lines are open."""
    found = [line for line in requirements(deployment, facts) if line.name and not line.pinned]
    if found:
        yield _unpinned(deployment.image.requirements or "", found)


def _unpinned(path: str, found: list[Requirement]) -> Diagnostic:
    places = ", ".join(f"`{line.name}` (line {line.line})" for line in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return warning(
        CODE,
        f"{shown(path)} leaves versions open",
        Label(("image", "requirements"), f"no version: {places}{more}"),
        help=f"write `{found[0].name}==` and the version; `pip freeze` lists those that you have",
    )
