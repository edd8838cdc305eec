"""The spec does not say which scikit-learn saved a model that a ready-made image is to serve.

Its files are pickles: in another version than its own a model may load, turn ready, and fail every request. Of a model
in a storage the spec is all that servespec reads, so it can only compare what stands there.

Bad:
```yaml
model: {format: sklearn, uri: "s3://models/m.joblib"}
targets: {seldon: }
```
Good:
```yaml
model: {format: sklearn, uri: "s3://models/m.joblib", framework: {name: scikit-learn, version: "1.5.2"}}
targets: {seldon: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.fetching import brought_by_platform
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.runtimes.shipped import PICKLED, SHIPPED

CODE = "unsaid-framework"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The address of a pickled model, when the spec does not say what saved it."""
    model = deployment.model
    shipped = SHIPPED.get((model.format, deployment.runtime.server))
    pickled = model.format in PICKLED.value and brought_by_platform(deployment)
    if pickled and shipped and model.framework is None:
        for name, version in shipped.packages.value.items():
            yield _unsaid(name, version)


def _unsaid(name: str, version: str) -> Diagnostic:
    return warning(
        CODE,
        f"nothing says which `{name}` saved the model",
        Label(("model", "uri"), f"the shipped server has {version}"),
        help=f'write `framework: {{name: {name}, version: "…"}}` in `model`',
    )
