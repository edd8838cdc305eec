"""The least that a prediction may be is more than the most: no result could ever be published.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  gates: {range: {min: 1, max: 0}}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  gates: {range: {min: 0, max: 1}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "empty-range"
SEVERITY = Severity.ERROR

_RANGE: Route = ("batch", "gates", "range")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The range of predictions, when nothing is in it."""
    span = deployment.batch.gates.range if deployment.batch else None
    if span and span.min is not None and span.max is not None and span.min > span.max:
        yield _empty()


def _empty() -> Diagnostic:
    return error(
        CODE,
        "no prediction can be in this range",
        Label((*_RANGE, "min"), "the least"),
        Label((*_RANGE, "max"), "is below the least"),
        help="change the two, or leave one of them out",
    )
