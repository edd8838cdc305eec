"""The framework is not the one that saves models of this format.

`model.framework.name` is the name on PyPI, because it is looked up in the requirements: `torch`, not `pytorch`.

Bad:
```yaml
model: {framework: {name: pytorch, version: "2.13.0"}}
```
Good:
```yaml
model: {framework: {name: torch, version: "2.13.0"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.frameworks import PACKAGES
from servespec.checks.wording import shown
from servespec.deployment.requirements_file import normal
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "unfit-framework"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The framework, when the format knows it by another name."""
    model = deployment.model
    packages = PACKAGES.get(model.format, ())  # an ONNX file may come from any
    package = packages[0] if packages else None
    if model.framework and package and normal(model.framework.name) != package:
        yield _unfit(model.framework.name, model_format=model.format, package=package)


def _unfit(name: str, *, model_format: str, package: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name, 20)} is not the package of `{model_format}` models",
        Label(("model", "framework", "name"), "the package's name on PyPI is expected"),
        Label(("model", "format"), "for this format"),
        help=f"write `{package}`",
    )
