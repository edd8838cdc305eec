"""A line of an MLflow model's own `requirements.txt` is left out of the server's.

Packages with versions are taken over. Options, addresses, files and markers are not, and neither is another version of
a package that the server itself brings. Whatever `image.requirements` says of a package stands in its place.

Bad:
```yaml
model: {format: mlflow, uri: ./mlflow-odd}
```
Good:
```yaml
model: {format: mlflow, uri: ./mlflow}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.model_packages import model_packages
from servespec.deployment.pins import server_pins
from servespec.deployment.requirements_file import Requirement, parse
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "model-requirement"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each line that is left out."""
    if deployment.model.format != "mlflow":
        return
    pins = {line.name: pin for pin in server_pins(deployment) for line in parse(pin)}
    packages = model_packages(deployment, facts)
    for line in packages.left:
        yield _left(packages.path, line, pin=pins.get(line.name))


def _left(path: str, line: Requirement, *, pin: str | None) -> Diagnostic:
    words = f"the server brings `{pin}`" if pin else f"{shown(line.text, 40)} is no package with its versions"
    return warning(
        CODE,
        f"line {line.line} of {shown(path)} is left out",
        Label(("model", "uri"), words),
        help="if the model needs it, say so in `image.requirements`; indexes are named in `image.indexes`",
    )
