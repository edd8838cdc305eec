"""Each kind of model file, made by its own library: what is told is what the library was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.inspection.disk import inspect
from servespec.models import Column, Face, Framework, Inspection, Signature, Tensor, Unknown

_MODELS = Path(__file__).parent / "models"
_FEATURES = ("amount", "hour", "age", "distance")
_SKLEARN = Framework("scikit-learn", "1.9.1")


def _columns(datatype: str = "") -> Face:
    return Face(tuple(Column(name, datatype) for name in _FEATURES), ())


def _tensors(*tensors: tuple[str, str, tuple[int, ...]]) -> Face:
    return Face((), tuple(Tensor(*tensor) for tensor in tensors))


def _read(name: str) -> Inspection:
    found = inspect(_MODELS / name)
    assert isinstance(found, Inspection), found
    return found


_ROWS = Signature(_tensors(("", "", (-1, 4))), None)
_COLUMNS = Signature(_columns(), None)
_SCORE = Signature(_tensors(("x", "FP32", (-1, 4))), _tensors(("y", "FP32", (-1, 1))))
_TABLE = {
    "tensorflow": (
        "SavedModel",
        "tensorflow",
        Framework("tensorflow", "2.21.0"),
        Signature(_tensors(("features", "FP32", (-1, 4))), _tensors(("score", "FP32", (-1, 1)))),
    ),
    "mlflow-columns": ("MLmodel", "mlflow", _SKLEARN, Signature(_columns("FP64"), _tensors(("", "INT64", (-1,))))),
    "mlflow-tensor": (
        "MLmodel",
        "mlflow",
        _SKLEARN,
        Signature(_tensors(("", "FP32", (-1, 4))), _tensors(("", "INT64", (-1,)))),
    ),
    "pipeline.onnx": (
        "ONNX",
        "onnx",
        None,
        Signature(
            _tensors(("input", "FP32", (-1, 4))),
            _tensors(("label", "INT64", (-1,)), ("probabilities", "FP32", (-1, 2))),
        ),
    ),
    "zipmap.onnx": (
        "ONNX",
        "onnx",
        None,
        Signature(_tensors(("input", "FP32", (-1, 4))), _tensors(("output_label", "INT64", (-1,)))),
    ),
    "external.onnx": ("ONNX", "onnx", None, _SCORE),
    "triton": (
        "Triton model",
        "onnx",
        None,
        Signature(
            _tensors(("input", "FP32", (-1, 4))),
            _tensors(("label", "INT64", (-1, 1)), ("probabilities", "FP32", (-1, -1, 2))),
        ),
    ),
    "fraud.mar": ("TorchServe archive", "pytorch", None, None),
    "state.pt": ("PyTorch state dict", "pytorch", None, None),
    "state-legacy.pt": ("PyTorch state dict", "pytorch", None, None),
    "whole.pt": ("PyTorch object", "pytorch", None, None),
    "script.pt": ("TorchScript", "torchscript", None, None),
    "network.safetensors": ("safetensors", None, None, None),
    "booster.json": ("XGBoost JSON", "xgboost", Framework("xgboost", "3.2.0"), _COLUMNS),
    "booster.ubj": ("XGBoost UBJSON", "xgboost", Framework("xgboost", "3.2.0"), _COLUMNS),
    "lightgbm.txt": ("LightGBM text", "lightgbm", None, _COLUMNS),
    "pipeline.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "pipeline-0.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "pipeline-2.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "pipeline-5.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "pipeline.joblib": ("joblib", "sklearn", _SKLEARN, _COLUMNS),
    "picking.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "picking.skops": ("skops", "sklearn", _SKLEARN, _ROWS),
    "searched.pkl": ("pickle", "sklearn", _SKLEARN, _COLUMNS),
    "positions.pkl": ("pickle", "sklearn", _SKLEARN, _ROWS),
    "text.skops": ("skops", "sklearn", _SKLEARN, None),
    "pipeline.skops": ("skops", "sklearn", _SKLEARN, _ROWS),
    **{
        f"trees{how}.joblib": ("joblib", "sklearn", _SKLEARN, _ROWS)
        for how in ("", "-zlib", "-gzip", "-bz2", "-lzma", "-xz")
    },
}


@pytest.mark.parametrize("name", _TABLE)
def test_a_model(name: str) -> None:
    """Kind, format, the library with its version, and the signature, from the files alone."""
    found = _read(name)
    assert (found.kind, found.format, found.framework, found.signature) == _TABLE[name]


_PICKING = ("picking.pkl", "picking.skops", "searched.pkl")


@pytest.mark.parametrize("name", [*_PICKING, "positions.pkl", "pipeline.pkl", "pipeline.skops"])
def test_what_picks_its_columns(name: str) -> None:
    """Fitted on a data frame a ColumnTransformer wants no more of it than it uses; fitted on an array it wants all."""
    found, picks = _read(name), name in _PICKING
    assert (found.picks, found.exact) == (picks, None if picks else found.signature)


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("tensorflow", {"versions": "1, 12", "tags": "serve", "signature": "serving_default"}),
        ("mlflow-columns", {"MLflow": "3.17.2", "Python": "3.11.7", "parameter threshold": "double"}),
        ("pipeline.onnx", {"IR version": 8, "opset ai.onnx": 17, "opset ai.onnx.ml": 1, "producer": "skl2onnx 1.20.0"}),
        ("zipmap.onnx", {"output output_probability": "a sequence, not a tensor"}),
        ("external.onnx", {"IR version": 9, "dynamic in x": "batch", "external data": "external.bin"}),
        ("triton", {"name": "fraud", "backend": "onnxruntime", "max batch size": "32", "versions": "1"}),
        (
            "fraud.mar",
            {
                "model version": "2.0",
                "handler": "handler.py",
                "config batchSize": "8",
                "weights are": "PyTorch state dict",
                "archiver": "0.12.0",
            },
        ),
        ("state.pt", {"tensors": 4, "parameters": 19, "tensor 0.weight": "FP32 [3, 4]"}),
        ("state-legacy.pt", {"tensors": 4, "parameters": 19, "tensor 0.weight": "FP32 [3, 4]"}),
        ("whole.pt", {"made by": "torch.nn.modules.container.Sequential", "imports": "torch"}),
        ("script.pt", {"class": "torch.nn.modules.container.Sequential", "forward": "input: Tensor -> Tensor"}),
        ("network.safetensors", {"metadata format": "pt", "parameters": 19, "tensor 0.weight": "FP32 [3, 4]"}),
        ("booster.ubj", {"features": 4, "objective": "binary:logistic", "booster": "gbtree"}),
        ("lightgbm.txt", {"features": 4, "objective": "binary sigmoid:1", "format version": "v4"}),
        ("pipeline.pkl", {"made by": "sklearn.pipeline.Pipeline", "imports": "numpy, sklearn"}),
        ("trees-xz.joblib", {"compression": "xz", "imports": "joblib, numpy, sklearn"}),
        ("pipeline.skops", {"made by": "sklearn.pipeline.Pipeline", "skops version": "0.16.0"}),
    ],
)
def test_what_else_it_tells(name: str, details: dict[str, str | int]) -> None:
    """What a server or a person has to know besides, each under its label."""
    found = _read(name)
    assert {label: found.detail(label) for label in details} == details


def test_pinned_requirements_are_packages() -> None:
    """The exact versions beside an MLflow model are told; a range is no version, and the flavour's is told once."""
    assert _read("mlflow-columns").packages == (Framework("mlflow", "3.17.2"), Framework("cloudpickle", "3.1.2"))


def test_the_other_signatures_of_a_savedmodel() -> None:
    """The default signature is named first, then the others."""
    rows = [value for label, value in _read("tensorflow").details if label == "signature"]
    assert rows == ["serving_default", "count"]


@pytest.mark.parametrize("name", sorted({*_TABLE} - {"tensorflow"}))
def test_a_sound_model_has_no_hazards(name: str) -> None:
    """What the libraries themselves write is not made suspicious."""
    assert _read(name).hazards == ()


def test_a_folder_that_is_no_version() -> None:
    """A version that servers would silently pass over is pointed out."""
    (hazard,) = _read("tensorflow").hazards
    assert (hazard.subject, hazard.reason) == ("v2", "is not an integer: servers pass over it")


def test_weights_outside_of_the_folder() -> None:
    """An ONNX file that would read a file elsewhere is pointed out."""
    (hazard,) = _read("outside.onnx").hazards
    assert (hazard.subject, hazard.reason) == ("../../passwd", "lies outside of the model's folder")


def test_every_model_of_the_folder_is_tried() -> None:
    """A model that is made and not looked at would prove nothing."""
    others = {"external.bin", "outside.onnx", "malicious.pkl", "malicious-cut.pkl", "malicious.pkl.gz"}
    assert {path.name for path in _MODELS.iterdir()} == {*_TABLE} | others


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "holds no model that is known"),
        ({"notes.md": b"# notes"}, "holds no model that is known"),
        ({"a.pt": b"x", "b.onnx": b"x"}, "holds several models: a.pt, b.onnx"),
        ({"MLmodel": b"flavors: {sklearn: [}"}, "can't be read: text can't start with `}` without quotes"),
        ({"v1/saved_model.pb": b"x"}, "has models in v1, none of which is named by an integer"),
        ({"saved_model.pb": b"\x0a\xff"}, "is damaged, or not of this format"),
        ({"saved_model.pb": b""}, "has no graph"),
    ],
)
def test_a_folder_of_which_nothing_can_be_said(tmp_path: Path, files: dict[str, bytes], reason: str) -> None:
    """The reason is a value, and says what is there."""
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert inspect(tmp_path) == Unknown(reason)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("model.onnx", b"", "is empty"),
        (
            "model.onnx",
            b"version https://git-lfs.github.com/spec/v1\n",
            "is a pointer of Git LFS: `git lfs pull` brings",
        ),
        ("model.onnx", b"\x08\x08", "has no graph or no opset"),
        ("model.txt", b"just text", "is not a model that is known"),
        ("model.json", b"{", "is damaged, or no JSON"),
        ("model.json", b'{"a": 1}', "is no model that is known"),
        ("model.zip", b"PK\x03\x04....", "is a damaged zip archive"),
        ("model.pkl", b"\x80\x04K\x01", "ends too early"),
        ("model.pkl", b"\x80\x04\xff", "is no pickle: 0xff is not an instruction"),
        ("config.pbtxt", b"name: [", "is no text protobuf"),
    ],
)
def test_a_file_of_which_nothing_can_be_said(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """The reason is a value, and says what is wrong."""
    (tmp_path / name).write_bytes(data)
    found = inspect(tmp_path / name)
    assert isinstance(found, Unknown)
    assert found.reason.startswith(reason)
