"""How many copies may be missing is said in no way that a cluster takes.

It is a number of copies, or a percentage as text. With none that may be missing, no node could ever be emptied: an
upgrade of the cluster would wait for ever.

Bad:
```yaml
scaling: {replicas: 3}
disruption: {maxUnavailable: 0}
```
Good:
```yaml
scaling: {replicas: 3}
disruption: {maxUnavailable: 1}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-disruption"
SEVERITY = Severity.ERROR

_ROUTE = ("disruption", "maxUnavailable")
_PERCENT = re.compile(r"(?:[1-9]?[0-9]|100)%", re.ASCII)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with it, if anything is."""
    given = deployment.disruption.max_unavailable
    if isinstance(given, str) and not _PERCENT.fullmatch(given):
        yield _malformed(given)
    elif given in (0, "0%") or (isinstance(given, int) and given < 0):
        yield _nothing()


def _malformed(text: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(text)} is not a number of copies",
        Label(_ROUTE, "neither a number nor a percentage"),
        help="write `1`, or a percentage such as `25%`",
    )


def _nothing() -> Diagnostic:
    return error(
        CODE,
        "no copy may ever be missing",
        Label(_ROUTE, "no node with one of them could be emptied"),
        help="write `1`",
    )
