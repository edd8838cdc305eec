"""A cluster is to run a service that the spec does not have.

The `kubernetes` target runs the realtime face, which is the server that answers clients, and the workers of a stream.
Without those patterns there is nothing.

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
from servespec.deployment.workloads import REALTIME, STREAMING
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unexposed-pattern"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The target, when there is nothing for it."""
    if "kubernetes" in deployment.targets and not {REALTIME, STREAMING}.intersection(deployment.patterns):
        yield _nothing()


def _nothing() -> Diagnostic:
    return error(
        CODE,
        "there is no service to run",
        Label(("targets", "kubernetes"), "runs what is realtime or streaming", Part.KEY),
        Label(("pattern",), "neither is among these"),
        help="add `realtime` to `pattern`, or take `kubernetes` out of `targets`",
    )
