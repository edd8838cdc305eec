"""Which of a model's files is which: read off the folder that the spec names, by name only."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from servespec.deployment.types import Model
from servespec.facts import Facts, Kind
from servespec.records import dataclass

WEIGHTS = (".pt", ".pth")
"""Suffixes of PyTorch weights, as torch's own documentation has them."""
PYTORCH = ("pytorch", "torchscript")
"""Formats whose folder may hold code as well, found by its name."""
MLMODEL = "MLmodel"
"""The file by which a folder of MLflow says what is in it."""
SUFFIXES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(PYTORCH, WEIGHTS),
    "onnx": (".onnx",),
    "sklearn": (".joblib", ".pkl", ".pickle"),
    "xgboost": (".json", ".ubj"),
    "lightgbm": (".txt", ".bst"),
    "mlflow": (),
    "tensorflow": (),
}
"""How the name of a model's file ends, by format; none for one that is always a folder."""

# read: xgboost 3.2.0, XGBModel.save_model; lightgbm 4.7.0, LGBMModel.booster_, Booster.save_model (2026-11).
_SAVED_BY = {"xgboost": 'model.save_model("model.json")', "lightgbm": 'model.booster_.save_model("model.txt")'}
_PICKLES = (".joblib", ".pickle", ".pkl")


def saved_by(model_format: str, path: str) -> str:
    """What makes a file that servers load of a model that was pickled; nothing where they load the pickle, or of any
    other file."""
    return _SAVED_BY.get(model_format, "") if path.endswith(_PICKLES) else ""


@dataclass(frozen=True)
class PytorchLayout:
    """The files of a model; None for one that is not there. Only PyTorch has code and a handler by their names."""

    weights: str | None
    torchscript: bool
    code: str | None
    handler: str | None
    weights_found: tuple[str, ...] = ()
    """All candidates for the weights: with more than one, the choice is the user's."""


def pytorch_layout(model: Model, facts: Facts) -> PytorchLayout:
    """The files that `model.uri`, `model.code` and `model.handler` come down to."""
    children = facts.file(model.uri).children if model.format in PYTORCH else ()
    found = model_files(model, facts)
    weights = found[0] if len(found) == 1 else None
    code = model.code or _child(children, model.uri, "model.py")
    eager = model.format != "torchscript" and code is not None
    return PytorchLayout(
        weights=weights,
        torchscript=model.format == "torchscript"
        or (not eager and weights is not None and facts.file(weights).torchscript),
        code=code if eager or model.code else None,
        handler=model.handler.file if model.handler else _child(children, model.uri, "handler.py"),
        weights_found=found,
    )


def model_files(model: Model, facts: Facts) -> tuple[str, ...]:
    """All files that could be the one which the server loads: the named one, or those of a folder by their names."""
    named, suffixes = facts.file(model.uri), SUFFIXES[model.format]
    if named.kind is Kind.FOLDER:
        children = (child for child in named.children if child.endswith(suffixes))
        return tuple(posixpath.normpath(posixpath.join(model.uri, child)) for child in children)
    return (model.uri,)


def model_file(model: Model, facts: Facts) -> str:
    """The file that the server loads, or the folder of a format that is always one. Checks have seen to it that there
    is one candidate; where it is missing, the name that such a file has by default stands in, as for a folder somewhere
    else, which nobody can look into."""
    if not SUFFIXES[model.format]:
        return model.uri
    found = model_files(model, facts)
    if not found or (":/" in model.uri and not model.uri.endswith(SUFFIXES[model.format])):
        return posixpath.join(model.uri, usual_name(model.format))
    return found[0]


def usual_name(model_format: str) -> str:
    """The name of a model's file where nobody says another one."""
    return f"model{SUFFIXES[model_format][0]}"


def _child(children: tuple[str, ...], folder: str, name: str) -> str | None:
    return posixpath.normpath(posixpath.join(folder, name)) if name in children else None
