"""The model's files are of another format than the spec says.

`model.format` decides which server is made and how it loads the model; by its first bytes this is something else.

Bad:
```yaml
model: {format: onnx, uri: ./onnx-odd/pickled.onnx}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.deployment.layout import SUFFIXES, model_file
from servespec.deployment.types import Deployment, Model
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind
from servespec.models import Inspection

CODE = "unfit-model-file"
SEVERITY = Severity.ERROR
_ALSO = {"pytorch": ("torchscript",)}
"""Formats of which a file may be too, by the one that is written: where no code is, it is served as what it is."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The format, when the model's own files tell of another one."""
    model = asked_model(deployment, facts)
    written = deployment.model.format
    if (
        model
        and model.format not in (None, written, *_ALSO.get(written, ()))
        and _is_named_right(deployment.model, facts)
    ):
        yield _unfit(model, written=written)


def _is_named_right(model: Model, facts: Facts) -> bool:
    """Whether it is a file or a folder with such a name as the format has: else that is another rule's."""
    suffixes = SUFFIXES[model.format]
    return model_file(model, facts).endswith(suffixes) if suffixes else facts.file(model.uri).kind is Kind.FOLDER


def _unfit(model: Inspection, *, written: str) -> Diagnostic:
    return error(
        CODE,
        f"the model is not a `{written}` model",
        Label(("model", "format"), "its file says otherwise"),
        Label(("model", "uri"), f"{model.kind}, which is `{model.format}`"),
        help=f"write `{model.format}`, or name the right file",
    )
