"""Rows that can't be scored may be left out, and there is no place for them.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  gates: {badRows: {fraction: 0.01}}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  gates: {badRows: {fraction: 0.01, output: "bad/{interval.start:%Y-%m-%d}"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "lost-rows"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The share of bad rows, when those would be gone."""
    bad = deployment.batch.gates.bad_rows if deployment.batch else None
    if bad and bad.fraction > 0 and bad.output is None:
        yield _lost()


def _lost() -> Diagnostic:
    return error(
        CODE,
        "bad rows would be lost",
        Label(("batch", "gates", "badRows", "fraction"), "so many may be left out of the results"),
        help="say where they go: `output: bad/{interval.start:%Y-%m-%d}`",
    )
