"""The model's files contain something that no model needs, or that a server ignores.

A pickle is a program: whoever loads it runs what it asks for, such as `os.system`. servespec never loads one, but the
server does. Serve none that you did not make yourself, unless you trust its maker. `skops`, ONNX and the own formats
of XGBoost and LightGBM hold no programs.

Bad:
```yaml
model: {format: sklearn, uri: ./sklearn-odd/malicious.pkl}
```
Good:
```yaml
model: {format: sklearn, uri: ./sklearn/model.joblib}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.models import Hazard

CODE = "model-hazard"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The first hazard of the model, and how many more there are."""
    model = asked_model(deployment, facts)
    if model and model.hazards:
        yield _hazard(model.hazards[0], more=len(model.hazards) - 1)


def _hazard(hazard: Hazard, *, more: int) -> Diagnostic:
    return warning(
        CODE,
        f"the model has {shown(hazard.subject)} in it",
        Label(("model", "uri"), f"{hazard.reason}{f', and {more} more' if more else ''}"),
        help="look at it with `servespec inspect`, and serve it only if you trust whoever made it",
    )
