"""What reading a `batch` block can say: one function a code, whose docstring is the code's manual page."""

from __future__ import annotations

from servespec.deployment.cron import FIELDS, PRESETS, Cron, values
from servespec.deployment.instants import lacks_offset
from servespec.deployment.path_templates import strange
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.wording import shown
from servespec.spans import Route


def invalid_cron(route: Route, text: str) -> Diagnostic:
    """A schedule is not one that cron knows, or never comes.

    Five fields are read: minute, hour, day of the month, month, day of the week, with lists, ranges, steps and the
    names of months and days; or a preset such as `@daily`. Seconds, and the letters L, W, # and ? of other schedulers,
    mean something else to each of them.

    Bad:
    ```yaml
    pattern: [realtime, batch]
    batch: {schedule: {cron: "0 25 * * *"}, input: {uri: in, columns: [x]}, output: {uri: "{interval.end:%j}"}}
    ```
    Good:
    ```yaml
    pattern: [realtime, batch]
    batch: {schedule: {cron: "0 2 * * *"}, input: {uri: in, columns: [x]}, output: {uri: "{interval.end:%j}"}}
    ```
    """
    help = 'write five fields as in `"0 2 * * *"`, or a preset such as `@daily`'
    if Cron.parse(text):
        return error("invalid-cron", f"{shown(text)} never comes", Label(route, "no month has that day"), help=help)
    near = (
        closest(text, PRESETS) if text.startswith("@") else next((p for p in PRESETS if p == f"@{text.lower()}"), None)
    )
    return error(
        "invalid-cron",
        f"{shown(text)} is not a cron schedule",
        Label(route, _wrong_field(text)),
        help=f"did you mean `{near}`?" if near else help,
    )


def _wrong_field(text: str) -> str:
    fields = text.split()
    if text.startswith("@"):
        return f"the presets are {one_of(tuple(PRESETS), 'and')}"
    if len(fields) != len(FIELDS):
        return f"{len(fields)} field{'s' if len(fields) != 1 else ''}, where there are five"
    field, name = next((f, FIELDS[index]) for index, f in enumerate(fields) if not values(f, index))
    return f"{shown(field, 20)} is no {name}"


def invalid_start(route: Route, text: str) -> Diagnostic:
    """The start of a schedule is not a point in time.

    A date and time without an offset from UTC is another moment in each time zone, and a scheduler would take its own.

    Bad:
    ```yaml
    pattern: [realtime, batch]
    batch:
      schedule: {cron: "@daily", start: "2026-01-01"}
      input: {uri: in, columns: [x]}
      output: {uri: "out/{interval.start:%Y-%m-%d}"}
    ```
    Good:
    ```yaml
    pattern: [realtime, batch]
    batch:
      schedule: {cron: "@daily", start: "2026-01-01T00:00:00+01:00"}
      input: {uri: in, columns: [x]}
      output: {uri: "out/{interval.start:%Y-%m-%d}"}
    ```
    """
    headline = f"{shown(text)} has no time zone" if lacks_offset(text) else f"{shown(text)} is not a date and time"
    return error(
        "invalid-start",
        headline,
        Label(route, "not a point in time"),
        help='write date, time and offset from UTC, in quotes, as in `"2026-01-01T00:00:00+01:00"`',
    )


def unknown_placeholder(route: Route, text: str) -> Diagnostic:
    """Something in braces in a path is not one of servespec's placeholders.

    They are `{interval.start:FORMAT}` and `{interval.end:FORMAT}`, where the format has the directives `%Y %m %d %H %M
    %S %j %G %V %u %z` of `strftime`: the interval that a run scores, in the time zone of the schedule. The same path
    becomes a macro of Airflow and an argument elsewhere, so those of Airflow itself are none of ours. No path has a
    brace of its own.

    Bad:
    ```yaml
    pattern: [realtime, batch]
    batch:
      schedule: {cron: "@daily"}
      input: {uri: "data/{{ ds }}/", columns: [x]}
      output: {uri: "scores/{interval.start:%Y-%m-%d}/"}
    ```
    Good:
    ```yaml
    pattern: [realtime, batch]
    batch:
      schedule: {cron: "@daily"}
      input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [x]}
      output: {uri: "scores/{interval.start:%Y-%m-%d}/"}
    ```
    """
    start, end = strange(text)[0]
    return error(
        "unknown-placeholder",
        f"{shown(text[start:end], 30)} is not a placeholder",
        Label(route, "not one of servespec's", piece=(start, end)),
        help="write `{interval.start:%Y-%m-%d}` or `{interval.end:%Y-%m-%dT%H%z}`, with directives of `strftime`",
    )
