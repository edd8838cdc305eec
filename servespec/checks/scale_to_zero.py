"""A service may have no copies where nothing would start one again.

On plain Kubernetes a request to a service without pods fails: nobody keeps it until one is up.

Bad:
```yaml
scaling: {autoscaling: {min: 0, max: 5}}
resources: {requests: {cpu: "1"}}
targets: {kubernetes: {}}
```
Good:
```yaml
scaling: {autoscaling: {min: 1, max: 5}}
resources: {requests: {cpu: "1"}}
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "scale-to-zero"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The least number of copies, when it is none."""
    scaling = deployment.scaling.autoscaling
    if "kubernetes" in deployment.targets and scaling and scaling.min == 0:
        yield _none()


def _none() -> Diagnostic:
    return error(
        CODE,
        "nothing would start a copy again",
        Label(("scaling", "autoscaling", "min"), "there may be none"),
        help="write `min: 1`, or take `kubernetes` out of `targets`",
    )
