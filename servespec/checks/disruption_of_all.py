"""Every copy may be missing at once.

The budget then guards nothing: while a cluster moves pods, nobody may be there to answer.

Bad:
```yaml
scaling: {replicas: 2}
disruption: {maxUnavailable: 2}
```
Good:
```yaml
scaling: {replicas: 3}
disruption: {maxUnavailable: 1}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks import invalid_disruption
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "disruption-of-all"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The number, when it is that of all copies, or when there is only one."""
    given, scaling = deployment.disruption.max_unavailable, deployment.scaling
    if given is None or any(invalid_disruption.check(deployment, facts)):
        return
    if not scaling.several:
        yield _lone()
    elif given == "100%" or (isinstance(given, int) and given >= scaling.replicas):
        yield _all(scaling.replicas, automatic=scaling.autoscaling is not None)


def _lone() -> Diagnostic:
    return warning(
        CODE,
        "the only copy may be missing",
        Label(("disruption", "maxUnavailable"), "no budget is made: with one, the node could never be drained"),
        help="take `disruption` out, or run several copies: `scaling: {replicas: 2}`",
    )


def _all(replicas: int, *, automatic: bool) -> Diagnostic:
    many = ("scaling", "autoscaling", "min") if automatic else ("scaling", "replicas")
    return warning(
        CODE,
        "all copies may be missing at once",
        Label(("disruption", "maxUnavailable"), "so many may be missing"),
        Label(many, f"of {replicas}"),
        help=f"write `maxUnavailable: {max(1, replicas - 1)}` or less",
    )
