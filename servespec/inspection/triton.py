"""config.pbtxt: what Triton is told of a model, by model_config.proto of triton-inference-server/common."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.inspection.blob import Blob, Folder
from servespec.inspection.pbtxt import Fields, Value, read
from servespec.inspection.savedmodel import is_version
from servespec.inspection.types import Malformed
from servespec.models import Face, Hazard, Inspection, Signature, Tensor

FILE = "config.pbtxt"
KIND = "Triton model"
_MAX_TEXT = 1 << 20
_FORMATS = {
    "onnxruntime": "onnx",
    "onnxruntime_onnx": "onnx",
    "pytorch": "torchscript",
    "pytorch_libtorch": "torchscript",
    "tensorflow": "tensorflow",
    "tensorflow_savedmodel": "tensorflow",
}
_ROWS = ("name", "backend", "platform", "max_batch_size")


def read_config(blob: Blob) -> Inspection:
    """What a configuration says."""
    config = read(blob.whole(_MAX_TEXT).decode("utf-8", "replace"))
    if not any(label in config for label in (*_ROWS, "input", "output")):
        raise Malformed("has nothing in it that Triton is told of a model")
    batch = _number(_text(config, "max_batch_size")) > 0
    inputs, outputs = (Face((), tuple(_tensors(config, side, batch=batch))) for side in ("input", "output"))
    return Inspection(
        KIND,
        _FORMATS.get(_text(config, "backend") or _text(config, "platform")),
        signature=Signature(inputs, outputs if outputs.tensors else None) if inputs.tensors else None,
        details=tuple((label.replace("_", " "), _text(config, label)) for label in _ROWS if label in config),
    )


def read_model(folder: Folder) -> Inspection:
    """What the folder of a model in Triton's repository says."""
    known = read_config(folder.open(FILE))
    below = sorted({path.partition("/")[0] for path in folder.names if "/" in path})
    versions = sorted((name for name in below if is_version(name)), key=int)
    return Inspection(
        known.kind,
        known.format,
        signature=known.signature,
        details=(*known.details, ("versions", ", ".join(versions))),
        hazards=() if versions else (Hazard(folder.name, "has no version: a folder named by an integer"),),
    )


def _tensors(config: Fields, side: str, *, batch: bool) -> Iterator[Tensor]:
    for item in config.get(side, []):
        if isinstance(item, dict):
            dims = tuple(_number(size) for size in item.get("dims", []))
            kind = _text(item, "data_type").removeprefix("TYPE_")
            # Dimensions are without the batch when the server makes it.
            yield Tensor(_text(item, "name"), "BYTES" if kind == "STRING" else kind, (-1, *dims) if batch else dims)


def _text(fields: Fields, name: str) -> str:
    values = [value for value in fields.get(name, []) if isinstance(value, str)]
    return values[-1] if values else ""


def _number(value: Value) -> int:
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    return int(str(value)) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
