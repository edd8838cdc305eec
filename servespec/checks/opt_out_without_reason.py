"""A hardening was given up, and nobody says why.

The defaults are what an auditor asks for. Giving one up may be right; the reason must be there for whoever reads the
spec next.

Bad:
```yaml
security: {authorization: none}
```
Good:
```yaml
security: {authorization: none, reason: "behind the gateway, which authenticates every caller"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "opt-out-without-reason"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each default of `security` that was given up without a word."""
    security = deployment.security
    if security.reason and security.reason.strip():
        return
    if not security.read_only_root_filesystem:
        yield _unexplained("readOnlyRootFilesystem", "the file system can be written to")
    if security.authorization == "none":
        yield _unexplained("authorization", "anyone who reaches the port may send requests")


def _unexplained(field: str, effect: str) -> Diagnostic:
    return error(
        CODE,
        f"`{field}` is given up without a reason",
        Label(("security", field), effect),
        help="add `reason:` to `security`, or take this out",
    )
