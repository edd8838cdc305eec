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

from servespec.checks.requirements_file import Requirement, normal, requirements
from servespec.deployment.types import Deployment, Framework
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "framework-mismatch"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The framework's pin, when it is not the version of `model.framework`."""
    framework = deployment.model.framework
    if framework is None:
        return
    for line in requirements(deployment, facts):
        same = line.name == normal(framework.name)
        if same and line.version and _release(line.version) != _release(framework.version):
            yield _mismatch(framework, line, path=deployment.image.requirements or "")


def _release(version: str) -> str:
    """The version without a build's own label (`+cpu`) and without zeros at its end."""
    return re.sub(r"(\.0)+$", "", version.partition("+")[0].removeprefix("v"))


def _mismatch(framework: Framework, line: Requirement, *, path: str) -> Diagnostic:
    return warning(
        CODE,
        f"the image gets another `{framework.name}` than the model had",
        Label(("model", "framework", "version"), "the model was saved with this one"),
        Label(("image", "requirements"), f"line {line.line} of `{path}` has {line.version}"),
        help=f"pin `{framework.name}=={framework.version}` there, or save the model anew",
    )
