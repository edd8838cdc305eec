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
from servespec.spans import Route

CODE = "invalid-date"
SEVERITY = Severity.ERROR

_FORM = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each `until` that is no day."""
    for index, item in enumerate(deployment.suppress):
        if item.until is not None and not is_day(item.until):
            yield no_day(("suppress", index, "until"), item.until)


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar."""
    if not re.fullmatch(_FORM, text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:  # the 30th of February
        return False
    return True


def no_day(at: Route, text: str) -> Diagnostic:
    """The finding about a date at a place."""
    return error(
        CODE,
        f"{shown(text)} is not a day",
        Label(at, "not a day as `YYYY-MM-DD`"),
        help='write it as in `"2027-06-30"`',
    )
