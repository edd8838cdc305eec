"""The model's weights are not there: the file that the server loads.

Everything but the archive itself can be made without them, so this stops nothing: a checkout for review or CI often
has none. They must be there when the image is built.

Bad:
```yaml
model: {uri: ./model/elsewhere.pt, code: model/model.py}
```
Good:
```yaml
model: {uri: ./model/model.pt, code: model/model.py}
```
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from servespec.checks.project_paths import leaves_project, near
from servespec.checks.wording import shown
from servespec.deployment.addresses import scheme
from servespec.deployment.layout import MLMODEL, SUFFIXES, pytorch_layout
from servespec.deployment.saved_model import is_keras
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts, Kind

CODE = "missing-weights"
SEVERITY = Severity.WARNING

_LOADED = r"(?m)^ +(?:pickled_model|model_path|model_data|python_model|data): (\S+)$"
"""Read: the keys by which the flavours of MLflow 3.17 name what they load; a value in a line of its own."""
_ABSENT = (Kind.MISSING, Kind.DANGLING)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The model, when its weights are missing."""
    uri, suffixes = deployment.model.uri, SUFFIXES[deployment.model.format]
    if scheme(uri) or leaves_project(uri):
        return
    if deployment.model.format == "mlflow":
        absent = [path for path in _named_by_mlmodel(uri, facts) if facts.file(path).kind in _ABSENT]
        yield from (_missing(path, meant=None) for path in absent)
        return
    if deployment.model.format == "tensorflow":
        if facts.file(uri).kind in _ABSENT and not is_keras(deployment.model):
            yield _no_saved_model(uri)
        return
    there = facts.file(uri)
    weights = pytorch_layout(deployment.model, facts).weights or ""
    if there.kind is Kind.MISSING and uri.endswith(suffixes):
        yield _missing(uri, meant=near(uri, facts))
    elif weights.endswith(suffixes) and facts.file(weights).kind is Kind.DANGLING:
        yield _dangling(weights)
    elif there.kind is Kind.FOLDER and not any(child.endswith(suffixes) for child in there.children):
        yield _empty(uri, suffixes)


def _no_saved_model(uri: str) -> Diagnostic:
    return warning(
        CODE,
        f"the SavedModel {shown(uri)} is not there",
        Label(("model", "uri"), "no such folder"),
        help="export it before the image is built; for a signature of tensors, `export.py` is made for that",
    )


def _named_by_mlmodel(folder: str, facts: Facts) -> list[str]:
    """The files and folders of a model of MLflow that its `MLmodel` says to load."""
    names = re.findall(_LOADED, facts.file(f"{folder}/{MLMODEL}").text or "")
    return sorted({posixpath.join(folder, name.strip("'\"/")) for name in names})


def _missing(uri: str, *, meant: str | None) -> Diagnostic:
    return warning(
        CODE,
        f"the weights {shown(uri)} are not there",
        Label(("model", "uri"), "no such file"),
        help=f"did you mean {shown(meant, 60)}?" if meant else "bring them here before the image is built",
    )


def _dangling(path: str) -> Diagnostic:
    return warning(
        CODE,
        f"the weights {shown(path)} are not there",
        Label(("model", "uri"), "a link that leads nowhere"),
        help="fetch what it leads to before the image is built, as with `dvc pull` or `git annex get`",
    )


def _empty(uri: str, suffixes: tuple[str, ...]) -> Diagnostic:
    return warning(
        CODE,
        f"the folder {shown(uri)} holds no weights",
        Label(("model", "uri"), " and ".join(f"no `*{suffix}`" for suffix in suffixes) + " in it"),
        help="name the weights file itself here, or bring one before the image is built",
    )
