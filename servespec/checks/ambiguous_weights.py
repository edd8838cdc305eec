"""A model's folder holds several files that could be its weights.

Which one is served must not depend on a guess.

Bad:
```yaml
model: {uri: ./two-weights}
```
Good:
```yaml
model: {uri: ./two-weights/best.pt, code: two-weights/model.py}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.layout import model_files
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "ambiguous-weights"
SEVERITY = Severity.ERROR

_SHOWN = 4


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's folder, when it holds more than one candidate."""
    found = model_files(deployment.model, facts)
    if len(found) > 1:
        yield _ambiguous(found, with_code=deployment.model.format == "pytorch")


def _ambiguous(found: tuple[str, ...], *, with_code: bool) -> Diagnostic:
    return error(
        CODE,
        f"the model's folder holds {len(found)} weights files",
        Label(("model", "uri"), "which of them is served?"),
        help=f"name it: {one_of(found[:_SHOWN])}" + (", and the Python file with its class as `code`" * with_code),
    )
