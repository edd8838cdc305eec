"""A date is not a day of the calendar, written `YYYY-MM-DD`.

Bad:
```yaml
suppress: [{rule: runtime-end-of-life, reason: "moving on", until: "next summer"}]
```
Good:
```yaml
suppress: [{rule: runtime-end-of-life, reason: "moving on", until: "2099-06-30"}]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-date"
SEVERITY = Severity.ERROR

_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each `until` that is no day."""
    for index, item in enumerate(deployment.suppress):
        if item.until is not None and not _is_day(item.until):
            yield _no_day(index, item.until)


def _is_day(text: str) -> bool:
    if not re.fullmatch(_FORM, text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:  # the 30th of February
        return False
    return True


def _no_day(index: int, text: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(text)} is not a day",
        Label(("suppress", index, "until"), "not a day as `YYYY-MM-DD`"),
        help='write it as in `"2027-06-30"`',
    )
