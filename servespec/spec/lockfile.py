"""The whole of a serving.lock: what the names in a spec meant when `servespec lock` looked them up."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field, StringConstraints

from servespec.node import Node
from servespec.spec.common import Many, Said

Digest: TypeAlias = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class LockedFile(Node):
    """One file of a model."""

    digest: Digest
    """SHA-256 of its bytes."""
    size: Annotated[int, Field(ge=0)] | None = None
    """In bytes, where they were read here."""


class LockedTensor(Node):
    """A tensor; an empty name or datatype is one that the model does not tell."""

    name: str
    """Its name."""
    datatype: str
    """Its datatype."""
    shape: Many[int]
    """Its shape; -1 is a dimension of any size."""


class LockedFace(Node):
    """One side of a signature."""

    columns: dict[str, str] | None = None
    """Columns by name, with their datatypes."""
    tensors: Many[LockedTensor] = ()
    """Tensors in their order."""


class LockedSignature(Node):
    """What goes in and comes out, by what the model's own files say."""

    inputs: LockedFace
    """What goes in."""
    outputs: LockedFace | None = None
    """What comes out, where the model tells."""


class LockedModel(Node):
    """What an address of a model meant."""

    version: Said | None = None
    """The version in the registry that the address stood for."""
    files: dict[str, LockedFile] = Field(min_length=1)
    """Its files, by their paths below the address."""
    signature: LockedSignature | None = None
    """What the model says of itself."""


class Locked(Node):
    """What a spec meant in one environment."""

    facts: dict[str, Said] = Field(default={})
    """What servespec knew of each server: a digest of its facts."""
    images: dict[str, Digest] = Field(default={})
    """The digest of each image that others made, by the name that the emitted files have for it."""
    requirements: dict[str, Digest] = Field(default={})
    """SHA-256 of each file of requirements."""
    models: dict[str, LockedModel] = Field(default={})
    """What each `model.uri` meant."""


class LockFile(Locked):
    """A lock: of a spec without environments it says all itself, of others it has one part for each."""

    version: int = Field(ge=1, le=1)
    """The version of this format."""
    environments: dict[str, Locked] = Field(default={})
    """By the name of the environment."""
