"""The server that others ship has another framework than the one that saved the model.

scikit-learn's files are pickles: another version may load them, turn ready, and fail every request. XGBoost and
LightGBM read what an older version saved, but not what a newer one did. The versions are those in the shipped image.

Bad:
```yaml
model: {format: sklearn, uri: "s3://models/m.joblib", framework: {name: scikit-learn, version: "1.9.1"}}
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

from servespec.checks.version_numbers import numbers
from servespec.checks.wording import shown
from servespec.deployment.fetching import brought_by_platform
from servespec.deployment.requirements_file import normal
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.models import Framework
from servespec.runtimes.shipped import PICKLED, SHIPPED

CODE = "shipped-framework"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The framework of a model in a storage, when the shipped image can't be trusted with it."""
    model = deployment.model
    shipped = SHIPPED.get((model.format, deployment.runtime.server))
    if not brought_by_platform(deployment) or model.framework is None or shipped is None:
        return
    there = shipped.packages.value.get(normal(model.framework.name))
    if there and not _fits(model.framework.version, there, pickled=model.format in PICKLED.value):
        yield _other(model.framework, there, image=shipped.image.value)


def _fits(saved: str, there: str, *, pickled: bool) -> bool:
    """Whether one version of a framework serves what another one saved, by the first two numbers of both."""
    ours, theirs = numbers(saved)[:2], numbers(there)[:2]
    return ours == theirs if pickled else ours <= theirs


def _other(framework: Framework, there: str, *, image: str) -> Diagnostic:
    return error(
        CODE,
        f"the shipped server has {shown(framework.name, 16)} {there}",
        Label(("model", "framework", "version"), "the model was saved with this one"),
        Label(("model", "uri"), f"fetched into {shown(image, 60)}"),
        help=f"save the model with {there}, or copy it beside the spec: the image is then built with its version",
    )
