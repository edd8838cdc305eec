"""A toleration contradicts itself.

Kubernetes refuses a pod with such a one when it is applied: `Exists` takes any value and none is written beside it,
`Equal` needs a key, and seconds have a meaning with `NoExecute` only.

Bad:
```yaml
placement: {tolerations: [{key: dedicated, operator: Exists, value: inference}]}
```
Good:
```yaml
placement: {tolerations: [{key: dedicated, value: inference}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.cluster import Toleration
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-toleration"
SEVERITY = Severity.ERROR

# Read: kubernetes v1.34, pkg/apis/core/validation, ValidateTolerations, 2026-11.


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each toleration that would be refused."""
    for index, item in enumerate(deployment.placement.tolerations):
        yield from _examine(("placement", "tolerations", index), item)


def _examine(route: Route, item: Toleration) -> Iterator[Diagnostic]:
    if item.operator == "Exists" and item.value:
        yield _stray((*route, "value"), "`Exists` takes any value", help="take `value` or `operator` out")
    if item.operator == "Equal" and item.key is None:
        yield _no_key(route)
    if item.toleration_seconds is not None and item.effect != "NoExecute":
        yield _stray((*route, "tolerationSeconds"), "with `NoExecute` only", help="add `effect: NoExecute`")


def _stray(route: Route, words: str, *, help: str) -> Diagnostic:
    return error(CODE, f"`{route[-1]}` has no meaning here", Label(route, words, Part.KEY), help=help)


def _no_key(route: Route) -> Diagnostic:
    return error(
        CODE,
        "no taint is named",
        Label(route, "`key` is missing"),
        help="add `key:`; `operator: Exists` without one tolerates every taint",
    )
