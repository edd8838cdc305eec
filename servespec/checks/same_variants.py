"""Two variants are the same in everything: there is nothing to compare.

Their answers can't differ, so that an A/B test of them measures chance. (To serve more requests, `replicas` says how
many of a variant run.)

Bad:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants: [{name: current, weight: 90}, {name: next, weight: 10}]
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {version: "2.0"}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.cluster import Scaling
from servespec.deployment.types import Deployment, Variant
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.records import replace

CODE = "same-variants"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each variant that is like an earlier one."""
    for index, variant in enumerate(deployment.variants):
        for earlier, other in enumerate(deployment.variants[:index]):
            if _what_runs(variant) == _what_runs(other):
                yield _same(variant.name, index, earlier=earlier)
                break


def _what_runs(variant: Variant) -> Variant:
    return replace(variant, name="", weight=None, shadow=False, scaling=Scaling(1, None))


def _same(name: str, index: int, *, earlier: int) -> Diagnostic:
    return warning(
        CODE,
        f"the variant {shown(name)} differs in nothing",
        Label(("variants", index, "name"), "the same model on the same server"),
        Label(("variants", earlier, "name"), "as this one"),
        help="say what is to be tried: another `model.uri`, `runtime`, `resources` or `image`",
    )
