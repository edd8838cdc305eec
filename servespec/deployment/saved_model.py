"""Which folder is which version of a SavedModel: read off the folders below `model.uri`, by name only."""

from __future__ import annotations

import posixpath
import re

from servespec.deployment.types import Model
from servespec.facts import Facts, Kind
from servespec.records import dataclass

SAVED_MODEL = "saved_model.pb"
"""The file by which TensorFlow knows the folder of a model."""
KERAS = (".keras", ".h5", ".hdf5")
"""Suffixes of what Keras saves for itself."""
_WHOLE = r"[1-9][0-9]{0,17}"


def is_version(text: str) -> bool:
    """Whether model servers take the name of a folder for a version: a whole number, without zeros before it."""
    return re.fullmatch(_WHOLE, text) is not None


def is_keras(model: Model) -> bool:
    """Whether the spec names what Keras saves for itself, where a SavedModel is wanted."""
    return model.format == "tensorflow" and model.uri.endswith(KERAS)


@dataclass(frozen=True)
class SavedModels:
    """What the folder that the spec names holds."""

    lone: bool
    """Whether it is itself the SavedModel of one version."""
    versions: tuple[str, ...]
    """Names of its folders that are versions, the oldest first."""
    others: tuple[str, ...]
    """Names of its folders that are none."""


def saved_models(model: Model, facts: Facts) -> SavedModels:
    """The versions of a model. What is not there yet is taken for one, when it is named like one."""
    found = facts.file(model.uri)
    lone = SAVED_MODEL in found.children
    if found.kind is not Kind.FOLDER:
        lone = is_version(posixpath.basename(model.uri))
    folders = [child.rstrip("/") for child in found.children if child.endswith("/")] if not lone else []
    versions = sorted((name for name in folders if is_version(name)), key=int)
    return SavedModels(lone, tuple(versions), tuple(name for name in folders if name not in versions))


def version_folder(model: Model, facts: Facts, *, version: str) -> str:
    """Where the SavedModel of a version lies, or is to be made."""
    return model.uri if saved_models(model, facts).lone else posixpath.join(model.uri, version)
