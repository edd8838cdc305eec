"""Which reader a file or a folder is for: by its first bytes where they tell, else by its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

from servespec.inspection import signs
from servespec.inspection.blob import Blob, Folder
from servespec.inspection.types import Malformed
from servespec.models import Inspection, Unknown

if TYPE_CHECKING:
    from servespec.inspection.zipped import Archive

Reader = Callable[[Blob], Inspection]
_MLMODEL, _SAVED_MODEL, _TRITON = "MLmodel", "saved_model.pb", "config.pbtxt"
_PICKLES = (".pkl", ".pickle", ".joblib", ".sav", ".dill", ".pt", ".pth", ".ckpt", ".bin")
# Readers by module and function: each is loaded when there is something for it to read.
_SUFFIXES = {
    ".onnx": "onnx:read",
    ".pbtxt": "triton:read_config",
    ".safetensors": "safetensors:read",
    **dict.fromkeys((".ubj", ".json"), "boosters:read_xgboost"),
    **dict.fromkeys(_PICKLES, "pickled:read"),
}
_MODELS = (".onnx", ".safetensors", ".ubj", ".mar", ".skops", *_PICKLES)
_HEAD = 64


def inspect_blob(blob: Blob) -> Inspection | Unknown:
    """What a file says of the model in it. Never raises, whatever the bytes."""
    return _read(blob, depth=0)


def inspect_folder(folder: Folder) -> Inspection | Unknown:
    """What a folder says of the model in it."""
    try:
        return _folder(folder)
    except Malformed as reason:
        return Unknown(str(reason))


def _folder(folder: Folder) -> Inspection | Unknown:
    if _MLMODEL in folder.names:
        from servespec.inspection import mlmodel

        return mlmodel.read(folder, inspect_blob)
    if _SAVED_MODEL in folder.names:
        return _reader("savedmodel:read")(folder.open(_SAVED_MODEL))
    if _TRITON in folder.names:
        from servespec.inspection import triton

        return triton.read_model(folder)
    if any(path.count("/") == 1 and path.endswith(f"/{_SAVED_MODEL}") for path in folder.names):
        from servespec.inspection import savedmodel

        return savedmodel.read_versions(folder)
    models = [path for path in folder.names if "/" not in path and path.lower().endswith(_MODELS)]
    if len(models) == 1:
        return inspect_blob(folder.open(models[0]))
    return Unknown(f"holds several models: {', '.join(models)}" if models else "holds no model that is known")


def _read(blob: Blob, *, depth: int) -> Inspection | Unknown:
    head = blob.read(0, _HEAD)
    if not head:
        return Unknown("is empty")
    if head.startswith(signs.LFS):
        return Unknown("is a pointer of Git LFS: `git lfs pull` brings the file")
    try:
        if head.startswith(signs.ZIP):
            from servespec.inspection.zipped import Archive

            return _archive(Archive(blob), depth=depth)
        name = _reader_of(blob, head)
        return _reader(name)(blob) if name else Unknown("is not a model that is known")
    except Malformed as reason:
        return Unknown(str(reason))


def _archive(zipped: Archive, *, depth: int) -> Inspection | Unknown:
    from servespec.inspection import archive, skops, torch

    if archive.MANIFEST in zipped.names and depth == 0:
        return archive.read(zipped, lambda inner: _read(inner, depth=1))
    if skops.SCHEMA in zipped.names:
        return skops.read(zipped)
    if torch.is_torch(zipped):
        return torch.read_zip(zipped)
    return Unknown("is a zip archive without a model that is known")


def _reader_of(blob: Blob, head: bytes) -> str | None:
    if blob.name == _SAVED_MODEL:
        return "savedmodel:read"
    if head.startswith(signs.TORCH_LEGACY):
        return "torch:read_legacy"
    if signs.is_lightgbm(head):
        return "boosters:read_lightgbm"
    if signs.is_ubjson(head):
        return "boosters:read_xgboost"
    if signs.is_safetensors(head, blob.size):
        return "safetensors:read"
    if signs.is_pickle(head) or signs.compression(head):
        return "pickled:read"
    return _SUFFIXES.get(blob.suffix)


def _reader(name: str) -> Reader:
    module, _, function = name.partition(":")
    return cast("Reader", getattr(import_module(f"servespec.inspection.{module}"), function))
