"""The time zone of a schedule is not in the IANA database.

An abbreviation such as CET is no place, and has no daylight saving time of its own to follow.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily", timezone: Europe/Berlinn}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily", timezone: Europe/Berlin}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.time_zones import known, names
from servespec.deployment.types import Deployment
from servespec.diagnostics.fixes import respelt
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unknown-time-zone"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The time zone, when there is no such place."""
    if deployment.batch and not known(deployment.batch.schedule.timezone):
        yield _unknown(deployment.batch.schedule.timezone)


def _unknown(name: str) -> Diagnostic:
    near = closest(name, names())
    return error(
        CODE,
        f"there is no time zone {shown(name)}",
        Label(("batch", "schedule", "timezone"), "not in the IANA database"),
        help=f"did you mean `{near}`?" if near else "write a name such as `UTC` or `Europe/Berlin`",
        fix=respelt(("batch", "schedule", "timezone"), name, names()),
    )
