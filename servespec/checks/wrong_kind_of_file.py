"""A folder stands where a file is wanted, a file where a folder is, or a file of another type.

Code is a `.py` file. How the name of a model's file ends depends on its format: `.pt` or `.pth` for PyTorch (TorchServe
loads TorchScript from `.pt` files only), `.onnx`, `.joblib` or `.pkl` for scikit-learn, `.json` or `.ubj` for XGBoost,
`.txt` or `.bst` for LightGBM, as their own `save_model` writes them. A model of MLflow and a SavedModel are
always a folder.

Bad:
```yaml
image: {requirements: ./model}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import local_paths
from servespec.checks.wording import shown
from servespec.deployment.layout import SUFFIXES, saved_by
from servespec.deployment.saved_model import is_keras
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts, Kind
from servespec.spans import Route

CODE = "wrong-kind-of-file"
SEVERITY = Severity.ERROR

_WANTED: dict[Route, Kind] = {
    ("model", "code"): Kind.FILE,
    ("model", "handler", "file"): Kind.FILE,
    ("image", "requirements"): Kind.FILE,
    ("image", "wheels"): Kind.FOLDER,
    ("streaming", "source", "schemaFile"): Kind.FILE,
    ("streaming", "sink", "schemaFile"): Kind.FILE,
}
_PYTHON: tuple[Route, ...] = (("model", "code"), ("model", "handler", "file"))


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each path at which something else stands than its field is for."""
    for route, path in local_paths(deployment):
        kind = facts.file(path).kind
        if route == ("model", "uri") and is_keras(deployment.model):
            continue  # that is another rule's: `keras-file`
        folder = route == ("model", "uri") and not SUFFIXES[deployment.model.format]
        wanted = Kind.FOLDER if folder else _WANTED.get(route)
        if wanted and kind in (Kind.FILE, Kind.FOLDER) and kind is not wanted:
            yield _other_kind(route, path, wanted=wanted)
        elif kind is Kind.FILE and route in _PYTHON and not path.endswith(".py"):
            yield _other_type(route, path, wanted="`.py`")
        elif kind is Kind.FILE and route == ("model", "uri"):
            yield from _weights(path, model_format=deployment.model.format)


def _weights(path: str, *, model_format: str) -> Iterator[Diagnostic]:
    # BaseHandler.initialize of TorchServe 0.12.0 looks at the end of the name before it loads TorchScript.
    wanted = (".pt",) if model_format == "torchscript" else SUFFIXES[model_format]
    if not path.endswith(wanted):
        save = saved_by(model_format, path)
        yield _other_type(("model", "uri"), path, wanted=" or ".join(f"`{suffix}`" for suffix in wanted), save=save)


def _other_kind(route: Route, path: str, *, wanted: Kind) -> Diagnostic:
    found = Kind.FOLDER if wanted is Kind.FILE else Kind.FILE
    return error(
        CODE,
        f"{shown(path)} is a {found}",
        Label(route, f"a {wanted} is expected here"),
        help=f"name a {wanted}",
    )


def _other_type(route: Route, path: str, *, wanted: str, save: str = "") -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is not a {wanted} file",
        Label(route, f"its name must end in {wanted}"),
        help=f"make one where the model is loaded, by `{save}`" if save else f"name a {wanted} file",
    )
