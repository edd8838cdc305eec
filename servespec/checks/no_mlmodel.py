"""The folder of an MLflow model has no `MLmodel` file.

That file says what is in the folder. `mlflow.<flavour>.save_model` writes it, and `mlflow artifacts download` brings it
with everything else; the folder is perhaps one level too high or too deep.

Bad:
```yaml
model: {format: mlflow, uri: ./model}
```
Good:
```yaml
model: {format: mlflow, uri: ./mlflow}
```
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.layout import MLMODEL
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind

CODE = "no-mlmodel"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model's folder, when it is none of MLflow."""
    folder = facts.file(deployment.model.uri)
    if deployment.model.format == "mlflow" and folder.kind is Kind.FOLDER and MLMODEL not in folder.children:
        yield _none(folder.path, below=_below(folder.path, facts))


def _below(folder: str, facts: Facts) -> str | None:
    """The one folder in it that is a model of MLflow."""
    prefix = "" if folder == "." else f"{folder}/"
    found = [path for path in facts.files if path.startswith(prefix) and posixpath.basename(path) == MLMODEL]
    return posixpath.dirname(found[0]) if len(found) == 1 else None


def _none(path: str, *, below: str | None) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is not a model of MLflow",
        Label(("model", "uri"), "there is no file `MLmodel` in it"),
        help=f"did you mean {shown(below)}?" if below else "name the folder that `save_model` wrote",
    )
