"""The model was saved by another version of its library than the one that the image gets.

The file says which version saved it. scikit-learn promises nothing across versions: a model of another one may not
load, may fail every request, or answer differently without a word. XGBoost, TensorFlow and MLflow read what older
versions saved; there only a file of a newer version is told of.

Bad:
```yaml
model: {format: sklearn, uri: ./sklearn/model.joblib, framework: {name: scikit-learn, version: "1.6.1"}}
```
Good:
```yaml
model: {format: sklearn, uri: ./sklearn/model.joblib, framework: {name: scikit-learn, version: "1.9.1"}}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servespec.checks.asked_models import asked_model
from servespec.checks.version_numbers import ZERO, Number, numbers
from servespec.checks.wording import cut, shown
from servespec.deployment.pins import companion_pins, server_pins
from servespec.deployment.requirements_file import Requirement, normal, parse, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.models import Framework
from servespec.spans import Route

CODE = "saved-by-another-version"
SEVERITY = Severity.WARNING

_LONGEST = 20

_UNSTABLE = ("scikit-learn",)
"""Libraries whose models are for one version only: https://scikit-learn.org/stable/model_persistence.html, 2026-11."""
_STABLE = ("xgboost", "tensorflow", "mlflow")
"""Libraries that read what older versions of theirs saved."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each library whose version in the image is not, or is older than, the one that saved the model."""
    model = asked_model(deployment, facts)
    installed = {name: (version, at) for name, version, at in _installed(deployment, facts)} if model else {}
    for saved in (model.framework, *model.packages) if model else ():
        version, at = installed.get(normal(saved.name) if saved else "", (None, None))
        if saved and version and at and _goes_wrong(saved, version):
            yield _another(saved, version, at)


def _installed(deployment: Deployment, facts: Facts) -> Iterator[tuple[str, str, Route]]:
    """Libraries of the image with their versions, and the field that decides each; what is later wins."""
    runtime = deployment.runtime
    if runtime.server == "tf-serving":
        yield "tensorflow", runtime.version, ("runtime", "version")
    own: Iterable[Requirement] = ()
    if deployment.model.format == "mlflow":
        from servespec.deployment.model_packages import model_packages  # start-up: most models have none

        own = model_packages(deployment, facts).taken
    sources: tuple[tuple[Route, Iterable[Requirement]], ...] = (
        (("runtime", "version"), _lines(server_pins(deployment))),
        (("model", "framework", "version"), _lines(companion_pins(deployment, facts))),
        (("model", "uri"), own),
        (("image", "requirements"), requirements(deployment, facts)),
    )
    for route, lines in sources:
        for line in lines:
            if line.name and line.version:
                yield line.name.removesuffix("-skinny"), line.version, route


def _lines(pins: Iterable[str]) -> Iterator[Requirement]:
    return (line for pin in pins for line in parse(pin))


def _goes_wrong(saved: Framework, installed: str) -> bool:
    name, made, there = normal(saved.name), _release(saved.version), _release(installed)
    return (name in _UNSTABLE and made != there) or (name in _STABLE and made > there)


def _release(version: str) -> tuple[Number, ...]:
    """The numbers of a version, without zeros at its end."""
    found = list(numbers(version))
    while found and found[-1] == ZERO:
        found.pop()
    return tuple(found)


def _another(saved: Framework, installed: str, at: Route) -> Diagnostic:
    pin = f"{normal(saved.name)}=={saved.version}"
    made, gets = (cut(version, _LONGEST) for version in (saved.version, installed))
    there = Label(("model", "uri"), f"the model was saved by {saved.name} {made}")
    return warning(
        CODE,
        f"the image gets {saved.name} {gets}, not what saved the model",
        Label(at, f"this leads to {gets}", otherwise=there),
        there,
        help=f"pin {shown(pin, 60)}, or save the model anew with {gets}",
    )
