"""Warnings that the spec accepts: taken out of the report, remembered, and said when their day has passed."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.deployment.types import Suppression
from servespec.diagnostics.types import Diagnostic, Label, Report, Severity, warning
from servespec.diagnostics.wording import shown


def suppression_expired(index: int, *, rule: str, until: str) -> Diagnostic:
    """The day until which a warning was accepted has passed: the warning is shown again, with this one.

    An expired date never fails a build, so that an unchanged repository does not turn red by itself.

    Bad:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: migrating, until: "2020-01-01"}]
    ```
    Good:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: migrating, until: "2099-01-01"}]
    ```
    """
    return warning(
        "suppression-expired",
        f"{shown(rule)} is no longer suppressed",
        Label(("suppress", index, "until"), f"this day has passed: {shown(until)}"),
        help="settle the matter, or give a later date with a new reason",
    )


def suppress(report: Report, accepted: Sequence[Suppression], *, today: str) -> tuple[Report, tuple[str, ...]]:
    """The report without the accepted warnings, and the codes of those. Errors are never taken out."""
    expired = [
        suppression_expired(index, rule=item.rule, until=item.until)
        for index, item in enumerate(accepted)
        if item.until is not None and item.until < today
    ]
    rules = {item.rule for item in accepted if item.until is None or item.until >= today}
    if not rules:
        return report + expired, ()
    kept: list[Diagnostic] = []
    taken: list[str] = []
    for item in report.diagnostics:
        if item.severity is Severity.WARNING and item.code in rules:
            taken.append(item.code)
        else:
            kept.append(item)
    return Report((*kept, *expired)), tuple(taken)
