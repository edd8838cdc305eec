"""The server does not run on this version of Python, or there is none such.

The server's own packages and the frameworks beside it have wheels for certain versions of Python only; with another
the image does not build.

Bad:
```yaml
image: {python: "3.9"}
```
Good:
```yaml
image: {python: "3.11"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unsupported-python"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The image's Python, when the server can't have it."""
    server = SERVERS[deployment.runtime.server]
    if server.python.value and deployment.image.python not in server.python.value:
        yield _unsupported(deployment.image.python, server=server.title, known=server.python.value)


def _unsupported(python: str, *, server: str, known: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{server} does not run on Python {shown(python, 12)}",
        Label(("image", "python"), "not a version that it runs on"),
        help=f"write {one_of(known)}, in quotes",
    )
