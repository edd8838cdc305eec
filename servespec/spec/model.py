"""The `model` block: what is served."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spans import Scalar
from servespec.spec.common import Many, Said

Format: TypeAlias = Literal["pytorch", "torchscript", "onnx", "sklearn", "xgboost", "lightgbm", "mlflow", "tensorflow"]


class Framework(Node):
    """The library that the model was saved with."""

    name: Said = Field(examples=["torch"])
    """Its name on PyPI."""
    version: Said = Field(examples=["2.13.0"])
    """Its version, a string. Compared with what the image installs."""


class Handler(Node):
    """Code of your own that turns a request into the model's input, and its output into the answer."""

    file: Said = Field(examples=["handler.py"])
    """Path of a Python file, relative to the project folder."""
    className: Said | None = Field(default=None, examples=["FraudDetectorHandler"])
    """The handler class in that file. Default: its only class."""
    settings: dict[str, Scalar] = Field(default={}, examples=[{"threshold": 0.5}])
    """Values for the handler: it finds them as `self.model_yaml_config["handler"]`."""


class Credentials(Node):
    """The connections by which a model is fetched that is not beside the spec."""

    storage: Said | None = Field(default=None, examples=["models"])
    """The one to the storage that its files are in."""
    registry: Said | None = Field(default=None, examples=["registry"])
    """The one to the registry of a `models:/` address."""


class Model(Node):
    """What is served: its name on the wire, its format, and where its files are."""

    format: Format
    """How the model was saved. Decides the default server."""
    uri: Said = Field(examples=["./model", "./model/fraud_detector.pt"])
    """Where the model is: a path relative to the project folder. A folder for `pytorch` holds `model.py`
    and one state dict (`*.pt`), or one TorchScript file, and maybe `handler.py`; one for `mlflow` holds `MLmodel`.
    For `mlflow` also an address in its registry, `models:/name/version` or `models:/name@alias`. Or an address in a
    storage, `s3://…`, `gs://…`, `az://…` or `https://…`, fetched when the service starts; `credentials` names its
    connection."""
    name: Said | None = Field(default=None, examples=["fraud_detector"])
    """The name that clients see. Default: `name`."""
    version: Said | None = Field(default=None, examples=["1.0"])
    """The model's version, a string. Default: `1.0`, and `1` for a server that takes whole numbers only."""
    digest: str | None = Field(default=None, examples=["sha256:" + "0" * 64])
    """SHA-256 of the model's weights file, and part of the image tag. Checked when the image is built, when
    `archive.sh` makes an archive, and when the model is fetched, converted or scored with; `validate` and `build` do
    not look."""
    framework: Framework | None = None
    """The library the model was saved with."""
    code: Said | None = Field(default=None, examples=["model/model.py"])
    """The Python file with the model's class. Default: `model.py` in the folder of `uri`."""
    handler: Handler | None = None
    """Your own handler. Default: `handler.py` in the folder of `uri`, else one made from `signature`."""
    extraFiles: Many[Said] = Field(default=(), examples=[["index_to_name.json"]])
    """More files that the handler reads, relative to the project folder."""
    credentials: Credentials = Credentials.model_construct()
    """How it is fetched from outside, by the names of `connections`. Default: as the platform does it by itself."""
