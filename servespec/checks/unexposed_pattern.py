"""A cluster is to run a service that the spec does not have.

The `kubernetes` target runs the realtime face: the server that answers clients. Without that pattern there is none.

Bad:
```yaml
pattern: batch
batch: {schedule: {cron: "@daily"}, input: {uri: in, columns: [x]}, output: {uri: "out/{interval.start:%j}"}}
targets: {kubernetes: {}}
```
Good:
```yaml
pattern: realtime
image: {repository: registry.example.com/fraud, requirements: requirements.txt}
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unexposed-pattern"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The target, when there is nothing for it."""
    if "kubernetes" in deployment.targets and REALTIME not in deployment.patterns:
        yield _nothing()


def _nothing() -> Diagnostic:
    return error(
        CODE,
        "there is no service to run",
        Label(("targets", "kubernetes"), "runs the realtime face", Part.KEY),
        Label(("pattern",), "which is not among these"),
        help="add `realtime` to `pattern`, or take `kubernetes` out of `targets`",
    )
