"""A platform that serves models is a target of a spec without the pattern `realtime`.

Seldon and KServe run what answers clients; a batch is run by what schedules it.

Bad:
```yaml
pattern: batch
batch:
  schedule: {cron: "@daily"}
  input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [amount, hour]}
  output: {uri: "scores/{interval.start:%Y-%m-%d}/"}
targets: {seldon: }
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [amount, hour]}
  output: {uri: "scores/{interval.start:%Y-%m-%d}/"}
targets: {seldon: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "nothing-to-serve"
SEVERITY = Severity.ERROR

_SERVING = ("kserve", "seldon")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each such target, when nothing answers clients."""
    if REALTIME not in deployment.patterns:
        yield from (_nothing(target) for target in deployment.targets if target in _SERVING)


def _nothing(target: str) -> Diagnostic:
    return error(
        CODE,
        f"`{target}` has nothing to serve",
        Label(("targets", target), "runs what answers clients", Part.KEY),
        Label(("pattern",), "without `realtime`"),
        help="add `realtime` to `pattern`, or take the target out",
    )
