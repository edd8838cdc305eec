"""A PyTorch model has neither the code of its class nor is it TorchScript.

A state dict holds numbers only: the server needs the Python class to put them into. TorchScript brings its code along.

Bad:
```yaml
model: {uri: ./model/model.pt}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import leaves_project
from servespec.deployment.addresses import scheme
from servespec.deployment.layout import PYTORCH, WEIGHTS, pytorch_layout
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind

CODE = "no-model-code"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model, when there is no telling what its weights belong to."""
    model = deployment.model
    layout = pytorch_layout(model, facts)
    if (
        model.format not in PYTORCH
        or layout.code
        or layout.torchscript
        or scheme(model.uri)
        or leaves_project(model.uri)
    ):
        return
    kind = facts.file(model.uri).kind
    if kind is Kind.FOLDER:
        yield _folder_without_code()
    elif model.uri.endswith(WEIGHTS) and kind in (Kind.FILE, Kind.MISSING):
        yield _weights_without_code()


def _folder_without_code() -> Diagnostic:
    return error(
        CODE,
        "the model's folder has no `model.py` and no TorchScript",
        Label(("model", "uri"), "nothing here says what the model is"),
        help="put the model's class into `model.py` there, or name its file as `code`",
    )


def _weights_without_code() -> Diagnostic:
    return error(
        CODE,
        "the weights have no code to go with them",
        Label(("model", "uri"), "a state dict needs the model's class"),
        help="add `code:` with the Python file, or save TorchScript and write `format: torchscript`",
    )
