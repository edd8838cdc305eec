"""The server's version is not one that servespec knows.

What is emitted follows the facts of a version: its requirements, its configuration, its habits. With another version
they would be guesses, and the first sign of a wrong one is a service that does not start.

Bad:
```yaml
runtime: {version: "0.11.0"}
```
Good:
```yaml
runtime: {version: "0.12.0"}
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

CODE = "unknown-server-version"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The server's version, when nothing is known of it."""
    server = SERVERS[deployment.runtime.server]
    if deployment.runtime.version not in server.requirements:
        yield _unknown(deployment.runtime.version, server=server.title, known=tuple(server.requirements))


def _unknown(version: str, *, server: str, known: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{server} {shown(version, 20)} is not known",
        Label(("runtime", "version"), "no facts about this version"),
        help=f"leave `version` out, or write {one_of(known)}",
    )
