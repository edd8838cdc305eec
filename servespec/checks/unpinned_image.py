"""The image that ours starts from has no version, or a moving one.

Without a tag, or with `latest`, the same spec builds another image tomorrow. A digest is best; a tag will do.

Bad:
```yaml
image: {base: "python:latest"}
```
Good:
```yaml
image: {base: "python:3.11-slim-bookworm"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unpinned-image"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The base image, when it names no version."""
    base = deployment.image.base
    if not base.pinned:
        yield _unpinned(base)


def _unpinned(base: ImageReference) -> Diagnostic:
    return error(
        CODE,
        f"{shown(str(base))} may be another image tomorrow",
        Label(("image", "base"), "`latest` moves" if base.tag else "no tag means `latest`, which moves"),
        help="name a version, as in `python:3.11-slim-bookworm`, or a digest",
    )
