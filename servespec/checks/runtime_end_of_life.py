"""The model server is no longer maintained.

It works today, and what servespec emits for it is tested. But nobody mends what is found in it from now on, holes in
its security included. Know it, plan to leave, and say so in `suppress` with the day by which you will have.

Bad:
```yaml
runtime: {server: torchserve}
```
Good:
```yaml
runtime: {server: torchserve}
suppress: [{rule: runtime-end-of-life, reason: "moving to ONNX Runtime", until: "2099-06-30"}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.types import Maintenance

CODE = "runtime-end-of-life"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The server, when nobody cares for it any more."""
    server = SERVERS[deployment.runtime.server]
    if server.maintenance and serves(deployment):
        yield _end_of_life(server.title, server.maintenance)


def _end_of_life(title: str, maintenance: Maintenance) -> Diagnostic:
    since = f"since {maintenance.since}"
    return warning(
        CODE,
        f"{title} is no longer maintained",
        Label(("runtime", "server"), since, otherwise=Label(("model", "format"), since)),
        help=f"plan to convert the model by `optimize: {{}}` and to serve what that makes, `format: onnx`, by "
        f"{one_of(maintenance.instead)}; until then, accept it in `suppress` with a reason",
        notes=(f"{title} is {maintenance.state}",),
    )
