"""`suppress` names something that is not a warning.

Only warnings can be accepted: an error means that what is emitted would not work. And a misspelt name would silence
nothing, without a word.

Bad:
```yaml
suppress: [{rule: runtime-end-of-live, reason: "moving to ONNX Runtime"}]
```
Good:
```yaml
suppress: [{rule: runtime-end-of-life, reason: "moving to ONNX Runtime"}]
```
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.fixes import respelt
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unsuppressible-rule"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each accepted rule that is none, or is an error."""
    if not deployment.suppress:
        return
    from servespec.checks.registry import severities  # the registry holds this module too

    known = severities()
    warnings = {code for code, severity in known.items() if severity is Severity.WARNING}
    for index, item in enumerate(deployment.suppress):
        if known.get(item.rule) is Severity.ERROR:
            yield _error(index, item.rule)
        elif item.rule not in warnings:
            yield _unknown(index, item.rule, known=warnings)


def _error(index: int, rule: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(rule)} can't be suppressed",
        Label(("suppress", index, "rule"), "an error, not a warning"),
        help="mend what it points at, and take this out",
    )


def _unknown(index: int, rule: str, *, known: Collection[str]) -> Diagnostic:
    near = closest(rule, known)
    return error(
        CODE,
        f"there is no warning {shown(rule)}",
        Label(("suppress", index, "rule"), "not the code of a warning"),
        help=f"did you mean `{near}`?" if near else "write the code that stands in brackets after `warning`",
        fix=respelt(("suppress", index, "rule"), rule, known),
    )
