"""The requirements install another version of the framework than the one that the model was saved with.

A model that was saved by one version and is loaded by another may fail, or answer differently without a word.

Bad:
```yaml
model: {framework: {name: torch, version: "2.4.0"}}
image: {requirements: requirements.txt}
```
Good:
```yaml
model: {framework: {name: torch, version: "2.13.0"}}
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.requirements_file import Requirement, normal, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.models import Framework
from servespec.spans import Route

CODE = "framework-mismatch"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The framework's pin, when it is not the version of `model.framework`."""
    framework = deployment.model.framework
    if framework is None:
        return
    for at, path, line in _installed(deployment, facts):
        same = line.name == normal(framework.name)
        if same and line.version and _release(line.version) != _release(framework.version):
            yield _mismatch(framework, Label(at, f"line {line.line} of {shown(path)} has {line.version}"))


def _installed(deployment: Deployment, facts: Facts) -> Iterator[tuple[Route, str, Requirement]]:
    for line in requirements(deployment, facts):
        yield ("image", "requirements"), deployment.image.requirements or "", line
    if deployment.model.format == "mlflow":
        from servespec.deployment.model_packages import model_packages  # start-up: most models have none

        own = model_packages(deployment, facts)
        yield from ((("model", "uri"), own.path, line) for line in own.taken)


def _release(version: str) -> str:
    """The version without a build's own label (`+cpu`) and without zeros at its end."""
    return re.sub(r"(\.0)+$", "", version.partition("+")[0].removeprefix("v"))


def _mismatch(framework: Framework, there: Label) -> Diagnostic:
    pin = typed(f"{framework.name}=={framework.version}")
    return warning(
        CODE,
        f"the image gets another {shown(framework.name, 16)} than the model had",
        Label(("model", "framework", "version"), "the model was saved with this one"),
        there,
        help=f"pin {f'`{pin}`' if pin else 'the version that saved it'} there, or save the model anew",
    )
