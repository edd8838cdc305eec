"""What a lock says, as the later stages read it."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from servespec.deployment.layout import PYTORCH, SUFFIXES, model_file, pytorch_layout
from servespec.deployment.registry import registry_address
from servespec.deployment.types import LockedModel, Model
from servespec.facts import Facts, Kind
from servespec.models import Column, Face, Signature, Tensor
from servespec.records import dataclass

if TYPE_CHECKING:  # start-up: most specs have no lock
    from servespec.spec import lockfile


@dataclass(frozen=True)
class Lock:
    """What a spec meant in one environment when it was locked."""

    facts: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    requirements: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, LockedModel] = field(default_factory=dict)
    """By `model.uri` as the spec has it."""


NO_LOCK = Lock()


def lock_of(given: lockfile.Locked) -> Lock:
    """The lock that one part of its file is."""
    models = {uri: _model(item) for uri, item in given.models.items()}
    return Lock(given.facts, given.images, given.requirements, models)


def _model(given: lockfile.LockedModel) -> LockedModel:
    files = {path: item.digest for path, item in sorted(given.files.items())}
    signature = given.signature
    outputs = signature.outputs if signature else None
    return LockedModel(
        version=given.version,
        digest=digest_of(files),
        files=files,
        signature=Signature(_face(signature.inputs), _face(outputs) if outputs else None) if signature else None,
    )


def _face(given: lockfile.LockedFace) -> Face:
    columns = given.columns or {}
    return Face(
        tuple(Column(name, datatype) for name, datatype in columns.items()),
        tuple(Tensor(item.name, item.datatype, item.shape) for item in given.tensors),
    )


def digest_of(files: Mapping[str, str]) -> str:
    """One SHA-256 over the paths and digests of a model's files."""
    lines = "".join(f"{digest} {path}\0" for path, digest in sorted(files.items()))
    return f"sha256:{hashlib.sha256(lines.encode('utf-8', 'surrogateescape')).hexdigest()}"


def meant_by(uri: str, locked: LockedModel | None) -> str:
    """The address with the version that the lock has for it."""
    address = registry_address(uri)
    return f"models:/{address.name}/{locked.version}" if address and locked and locked.version else uri


def weights_digest(model_format: str, locked: LockedModel | None) -> str | None:
    """The digest of the one file that the server loads; None for a model that is a folder, or is not locked."""
    suffixes = SUFFIXES[model_format]
    named = [digest for path, digest in locked.files.items() if path.endswith(suffixes)] if locked and suffixes else []
    return named[0] if len(named) == 1 else None


def locked_paths(model: Model) -> dict[str, str]:
    """The digest of each locked file of a model beside the spec, by its path in the project."""
    folder = posixpath.dirname(model.uri) if is_file(model) else model.uri
    files = model.locked.files if model.locked else {}
    return {posixpath.normpath(posixpath.join(folder, path)): digest for path, digest in files.items()}


def takes_whole(model: Model, facts: Facts) -> bool:
    """Whether the model is all that is in its folder, and not one file there."""
    return not SUFFIXES[model.format] or (model.format == "onnx" and facts.file(model.uri).kind is Kind.FOLDER)


def loaded(model: Model, facts: Facts) -> str | None:
    """The file that the server loads of a model which is no folder; None when there is none, or it can't be told."""
    return pytorch_layout(model, facts).weights if model.format in PYTORCH else model_file(model, facts)


def is_file(model: Model) -> bool:
    """Whether its address is that of a file, as far as its name tells."""
    return bool(SUFFIXES[model.format]) and model.uri.endswith(SUFFIXES[model.format])
