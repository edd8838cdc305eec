"""Annotations of GitHub Actions: workflow commands that a job prints, shown beside the lines of a pull request.

A command ends at its line end, and its properties at `,` and `::`, so those characters are escaped as the runner's own
toolkit does it: `%`, CR and LF everywhere, `:` and `,` in properties besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from servespec.diagnostics.locate import Located, locate, more
from servespec.diagnostics.types import Findings, Severity
from servespec.diagnostics.visible import escaped

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_PROPERTY = str.maketrans({"%": "%25", ":": "%3A", ",": "%2C"})


def render(findings: Sequence[Findings]) -> str:
    """One command a diagnostic; nothing when there are none."""
    return "".join(f"{_command(item)}\n" for item in locate(findings))


def _command(item: Located) -> str:
    record, extent = item.diagnostic, item.primary
    properties = {
        "file": extent.path,
        "line": str(extent.start.line),
        "endLine": str(extent.end.line),
        # Columns are read only within one line.
        **({"col": str(extent.start.column), "endColumn": str(extent.end.column)} if _in_one_line(item) else {}),
        "title": record.code,
    }
    return annotation(
        record.severity, properties, (record.headline, record.labels[0].message, record.help, more(record.code))
    )


def annotation(severity: Severity, properties: Mapping[str, str], lines: Iterable[str]) -> str:
    """One command: the lines that are not empty, shown where the properties say. A file whose name can't be printed as
    it is would not be found: it is named in a line."""
    file = properties["file"]
    if escaped(file) != file:
        place = ":".join((file, properties["line"]) if "line" in properties else (file,))
        properties, lines = {"title": properties["title"]}, (place, *lines)
    told = ",".join(f"{name}={escaped(value).translate(_PROPERTY)}" for name, value in properties.items())
    # `escaped` leaves no line end in a value: those that are left are ours.
    message = "%0A".join(escaped(line).replace("%", "%25") for line in lines if line)
    return f"::{_COMMANDS[severity]} {told}::{message}"


def _in_one_line(item: Located) -> bool:
    return item.primary.start.line == item.primary.end.line
