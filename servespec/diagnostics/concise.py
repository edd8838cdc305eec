"""The short form, for editors and `grep`: `file:line:column: error[code]: headline (help)`."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.locate import Located, locate
from servespec.diagnostics.types import Findings
from servespec.diagnostics.visible import escaped


def render(findings: Sequence[Findings]) -> str:
    """One line a diagnostic; nothing when there are none."""
    return "".join(f"{_line(item)}\n" for item in locate(findings))


def _line(item: Located) -> str:
    record = item.diagnostic
    at = item.primary.start
    place = f"{item.primary.path}:{at.line}:{at.column}"
    what = f"{record.severity}[{record.code}]: {record.headline}"
    return escaped(f"{place}: {what} ({record.help})" if record.help else f"{place}: {what}")
