"""The requirements pin a package of the server to another version than the server's own.

Both are installed into one environment; with two versions of one package, pip refuses to install any.

Bad:
```yaml
image: {requirements: requirements-clash.txt}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.pins import server_pins
from servespec.deployment.requirements_file import Requirement, parse, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "requirement-clash"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each requirement that the server has in another version."""
    server = SERVERS[deployment.runtime.server]
    pins = {line.name: line.version for line in parse("\n".join(server_pins(deployment)))}
    for line in requirements(deployment, facts):
        pin = pins.get(line.name)
        if pin and line.version and line.version != pin:
            yield _clash(deployment.image.requirements or "", line, server=server.title, pin=pin)


def _clash(path: str, line: Requirement, *, server: str, pin: str) -> Diagnostic:
    place = f"in line {line.line} of {shown(path)}"
    return error(
        CODE,
        f"{shown(line.name or '')} is pinned to another version than {server}'s",
        Label(("image", "requirements"), f"{line.version} {place}, but the server has {pin}"),
        help=f"take that line out, or write `{line.name}=={pin}`",
    )
