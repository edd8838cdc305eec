"""Which reader a file or a folder is for: by its first bytes where they tell, else by its name."""

from __future__ import annotations

from collections.abc import Callable

from servespec.inspection import (
    archive,
    boosters,
    mlmodel,
    onnx,
    pickled,
    safetensors,
    savedmodel,
    skops,
    torch,
    triton,
)
from servespec.inspection.blob import Blob, Folder, from_bytes
from servespec.inspection.inflate import compression
from servespec.inspection.types import Inspection, Malformed, Unknown
from servespec.inspection.zipped import MAGIC, Archive

Reader = Callable[[Blob], Inspection]
_LFS = b"version https://git-lfs.github.com/spec/"
_PICKLES = (".pkl", ".pickle", ".joblib", ".sav", ".dill", ".pt", ".pth", ".ckpt", ".bin")
_SUFFIXES: dict[str, Reader] = {
    ".onnx": onnx.read,
    ".pbtxt": triton.read_config,
    ".safetensors": safetensors.read,
    **dict.fromkeys((".ubj", ".json"), boosters.read_xgboost),
    **dict.fromkeys(_PICKLES, pickled.read),
}
_MODELS = (".onnx", ".safetensors", ".ubj", ".mar", ".skops", *_PICKLES)
_HEAD = 64


def inspect_bytes(name: str, data: bytes) -> Inspection | Unknown:
    """What a file says of the model in it, by its name and its bytes."""
    return inspect_blob(from_bytes(name, data))


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
    if mlmodel.FILE in folder.names:
        return mlmodel.read(folder, inspect_blob)
    if savedmodel.FILE in folder.names:
        return savedmodel.read(folder.open(savedmodel.FILE))
    if triton.FILE in folder.names:
        return triton.read_model(folder)
    if any(path.count("/") == 1 and path.endswith(f"/{savedmodel.FILE}") for path in folder.names):
        return savedmodel.read_versions(folder)
    models = [path for path in folder.names if "/" not in path and path.lower().endswith(_MODELS)]
    if len(models) == 1:
        return inspect_blob(folder.open(models[0]))
    return Unknown(f"holds several models: {', '.join(models)}" if models else "holds no model that is known")


def _read(blob: Blob, *, depth: int) -> Inspection | Unknown:
    head = blob.read(0, _HEAD)
    if not head:
        return Unknown("is empty")
    if head.startswith(_LFS):
        return Unknown("is a pointer of Git LFS: `git lfs pull` brings the file")
    try:
        if head.startswith(MAGIC):
            return _archive(Archive(blob), depth=depth)
        reader = _reader(blob, head)
        return reader(blob) if reader else Unknown("is not a model that is known")
    except Malformed as reason:
        return Unknown(str(reason))


def _archive(zipped: Archive, *, depth: int) -> Inspection | Unknown:
    if archive.MANIFEST in zipped.names and depth == 0:
        return archive.read(zipped, lambda inner: _read(inner, depth=1))
    if skops.SCHEMA in zipped.names:
        return skops.read(zipped)
    if torch.is_torch(zipped):
        return torch.read_zip(zipped)
    return Unknown("is a zip archive without a model that is known")


def _reader(blob: Blob, head: bytes) -> Reader | None:
    if blob.name == savedmodel.FILE:
        return savedmodel.read
    if head.startswith(torch.LEGACY_MAGIC):
        return torch.read_legacy
    if boosters.is_lightgbm(head):
        return boosters.read_lightgbm
    if boosters.is_ubjson(head):
        return boosters.read_xgboost
    if safetensors.is_safetensors(head, blob.size):
        return safetensors.read
    if pickled.is_pickle(head) or compression(head):
        return pickled.read
    return _SUFFIXES.get(blob.suffix)
