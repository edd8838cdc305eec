"""MLmodel: flavours, signature and versions of what MLflow saved, https://mlflow.org/docs/latest/ml/model/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from servespec import source
from servespec.inspection.blob import Blob, Folder
from servespec.inspection.faces import sizes
from servespec.inspection.jsontext import at, listed, mapping, parsed, text
from servespec.inspection.types import Malformed
from servespec.models import Column, Face, Framework, Inspection, Signature, Tensor, Unknown

FILE = "MLmodel"
_REQUIREMENTS = "requirements.txt"
_MAX_TEXT = 1 << 20
# The flavour, the package behind it, and the key that holds its version.
_FLAVOURS = (
    ("sklearn", "scikit-learn", "sklearn_version"),
    ("xgboost", "xgboost", "xgb_version"),
    ("lightgbm", "lightgbm", "lgb_version"),
    ("catboost", "catboost", "catboost_version"),
    ("onnx", "onnx", "onnx_version"),
    ("keras", "keras", "keras_version"),
    ("pytorch", "torch", "pytorch_version"),
    ("tensorflow", "tensorflow", "tensorflow_version"),
    ("transformers", "transformers", "transformers_version"),
    ("spark", "pyspark", "pyspark_version"),
    ("statsmodels", "statsmodels", "statsmodels_version"),
)
_FILES = ("pickled_model", "data", "model_path", "python_model", "model_data")
_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*==\s*([\w.!+-]+)")
_COLUMNS = {
    "boolean": "BOOL", "integer": "INT32", "long": "INT64", "float": "FP32", "double": "FP64", "string": "BYTES",
    "binary": "BYTES", "datetime": "BYTES",
}  # fmt: skip
_TENSORS = {
    "bool": "BOOL", "float16": "FP16", "float32": "FP32", "float64": "FP64", "object": "BYTES", "str": "BYTES",
    **{f"{sign}int{bits}": f"{sign.upper()}INT{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}  # fmt: skip


def read(folder: Folder, within: Callable[[Blob], Inspection | Unknown]) -> Inspection:
    """What a folder of MLflow says; `within` inspects the files of the model in it."""
    model = mapping(_yaml(folder.open(FILE)))
    flavours = mapping(model.get("flavors"))
    own = [(package, found) for name, package, key in _FLAVOURS if (found := text(at(flavours, name, key)))]
    pins = [pin for pin in _pins(folder) if pin not in own]
    versions = tuple(Framework(*item) for item in (*own, *pins))
    inner = [(path, within(folder.open(path))) for path in _files(folder, flavours)]
    return Inspection(
        FILE,
        "mlflow",
        versions[0] if own else None,
        packages=versions[1:] if own else versions,
        signature=_signature(model.get("signature")),
        details=(
            ("flavours", ", ".join(sorted(flavours))),
            *_row("MLflow", model.get("mlflow_version")),
            *_row("Python", at(flavours, "python_function", "python_version")),
            *_row("loader", at(flavours, "python_function", "loader_module")),
            *((f"parameter {text(at(item, 'name'))}", text(at(item, "type"))) for item in _side(model, "params")),
            *((path, found.kind if isinstance(found, Inspection) else found.reason) for path, found in inner),
        ),
        hazards=tuple(item for _, found in inner if isinstance(found, Inspection) for item in found.hazards),
        optional=tuple(text(at(item, "name")) for item in _side(model, "inputs") if at(item, "required") is False),
    )


def _yaml(blob: Blob) -> object:
    found = source.load(blob.name, blob.whole(_MAX_TEXT))
    if found.document.value is None:
        reasons = [item.headline for item in found.report.diagnostics]
        raise Malformed(f"can't be read: {reasons[0]}" if reasons else "can't be read")
    return found.document.value


def _row(label: str, value: object) -> Iterator[tuple[str, str]]:
    if found := text(value):
        yield label, found


def _pins(folder: Folder) -> Iterator[tuple[str, str]]:
    """The exact versions in the requirements beside the model."""
    if _REQUIREMENTS not in folder.names:
        return
    for line in folder.open(_REQUIREMENTS).read(0, _MAX_TEXT).decode("utf-8", "replace").splitlines():
        if found := _PIN.match(line.strip()):
            yield found[1].lower().replace("_", "-"), found[2]


def _files(folder: Folder, flavours: dict[str, object]) -> list[str]:
    """The files that hold the model itself."""
    named = (at(flavour, key) for flavour in flavours.values() for key in _FILES)
    paths = {path.strip("/") for path in named if isinstance(path, str)}
    return sorted(path for path in folder.names if path.removesuffix("/model.pth") in paths)


def _side(model: dict[str, object], side: str) -> list[object]:
    written = at(model.get("signature"), side)
    return listed(parsed(written)) if isinstance(written, str) else []


def _signature(written: object) -> Signature | None:
    model: dict[str, object] = {"signature": written}
    inputs, outputs = (_face(_side(model, side)) for side in ("inputs", "outputs"))
    nothing = Face((), ())
    return Signature(inputs, outputs if outputs != nothing else None) if inputs != nothing else None


def _face(items: list[object]) -> Face:
    if any(at(item, "type") == "tensor" for item in items):
        return Face((), tuple(_tensor(item) for item in items))
    # A column without a name is known by its place.
    return Face(tuple(_column(item, place) for place, item in enumerate(items)), ())


def _column(item: object, place: int) -> Column:
    name, kind = at(item, "name"), text(at(item, "type"))
    return Column(str(place) if name is None else text(name), _COLUMNS.get(kind, kind))


def _tensor(item: object) -> Tensor:
    kind, name = text(at(item, "tensor-spec", "dtype")), text(at(item, "name"))
    return Tensor(name, _TENSORS.get(kind, kind), sizes(at(item, "tensor-spec", "shape")))
