"""Results of one interval take the place of those of another.

An output without the interval in its path, or with less of it than the schedule tells apart, has the results of the
last run only. So has one with hours, in a time zone whose clocks are put back: an hour of that day comes twice, and
only its offset from UTC, `%z`, tells one from the other.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m}"}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.batch import Schedule
from servespec.deployment.path_templates import PathTemplate, strange
from servespec.deployment.time_zones import known, repeats_hours
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "overwritten-output"
SEVERITY = Severity.WARNING

_DAYS = ({"Y", "m", "d"}, {"Y", "j"}, {"G", "V", "u"})
"""Directives that tell days apart, when all of one set are there."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each output whose path is the same for two intervals."""
    batch = deployment.batch
    if batch is None:
        return
    yield from _output(("batch", "output", "uri"), batch.output.uri, batch.schedule)
    if batch.gates.bad_rows.output:
        yield from _output(("batch", "gates", "badRows", "output"), batch.gates.bad_rows.output, batch.schedule)


def _output(route: Route, path: PathTemplate, schedule: Schedule) -> Iterator[Diagnostic]:
    said = {word[:1] for moment in path.moments for word in moment.format.split("%")[1:]}
    if strange(str(path)):
        return  # its placeholders are none: that is another rule's
    if not path.moments:
        yield _overwritten(route, "every run replaces what the one before has written", "%Y-%m-%d")
    elif missing := _untold(schedule, said):
        yield _overwritten(route, f"no {missing} in it: runs replace each other's results", _format(missing))
    elif "H" in said and "z" not in said and _twice(schedule):
        yield _overwritten(route, "when clocks are put back, an hour comes twice", "%Y-%m-%dT%H%z")


def _untold(schedule: Schedule, said: set[str]) -> str:
    """The part of a time that two runs differ in and the path does not have."""
    cron = schedule.cron
    if len(cron.minutes) > 1 and "M" not in said:
        return "minute"
    if len(cron.hours) > 1 and "H" not in said:
        return "hour"
    each_day = len(cron.days) > 1 or (cron.any_day and len(cron.weekdays) > 1)
    if each_day and not any(need <= said for need in _DAYS):
        return "day"
    return ""


def _format(missing: str) -> str:
    return {"minute": "%Y-%m-%dT%H%M%z", "hour": "%Y-%m-%dT%H%z"}.get(missing, "%Y-%m-%d")


def _twice(schedule: Schedule) -> bool:
    every_hour = len(schedule.cron.hours) == 24
    return every_hour and known(schedule.timezone) and repeats_hours(schedule.timezone)


def _overwritten(route: Route, words: str, format_: str) -> Diagnostic:
    return warning(
        CODE,
        "results of one interval replace those of another",
        Label(route, words),
        help=f"write `{{interval.start:{format_}}}` in it",
    )
