"""The text of a lock, from what was looked up: the same for the same answers, sorted, and one thing a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from servespec.emit import yaml
from servespec.emit.quoted import Data
from servespec.models import Face, Signature
from servespec.records import dataclass

VERSION = 1
_HEADER = "Written by `servespec lock`, for `servespec build`. Commit it; to roll back, revert it."


@dataclass(frozen=True)
class StoredFile:
    """One file of a model."""

    digest: str
    """`sha256:` and the digits."""
    size: int | None = None
    """None where only the digest is known."""


@dataclass(frozen=True)
class FoundModel:
    """What an address of a model means now."""

    files: Mapping[str, StoredFile]
    """By their paths below the address."""
    version: str | None = None
    signature: Signature | None = None


@dataclass(frozen=True)
class Found:
    """All that was looked up for a spec in one environment."""

    facts: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    requirements: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, FoundModel] = field(default_factory=dict)


def text_of(parts: Mapping[str | None, Data]) -> str:
    """The text of a lock with these parts, as `part_of` makes them: one, or one for each environment."""
    data: dict[str, Data] = {"version": VERSION}
    if list(parts) == [None]:
        whole = parts[None]
        assert isinstance(whole, dict)
        data |= whole
    else:
        data["environments"] = {str(name): part for name, part in sorted(parts.items(), key=lambda item: str(item[0]))}
    return yaml.dump(data, header=_HEADER).text


def part_of(found: Found) -> dict[str, Data]:
    """What was looked up as data, without blocks that are empty."""
    blocks: dict[str, dict[str, Data]] = {
        "facts": dict(found.facts),
        "images": dict(found.images),
        "requirements": dict(found.requirements),
        "models": {uri: _model(model) for uri, model in found.models.items()},
    }
    return {name: dict(sorted(block.items())) for name, block in blocks.items() if block}


def _model(found: FoundModel) -> Data:
    data: dict[str, Data] = {"version": found.version} if found.version is not None else {}
    data["files"] = {path: _file(item) for path, item in sorted(found.files.items())}
    if found.signature is not None:
        signature, sides = found.signature, {"inputs": _face(found.signature.inputs)}
        data["signature"] = {**sides, "outputs": _face(signature.outputs)} if signature.outputs else sides
    return data


def _file(found: StoredFile) -> Data:
    return {"digest": found.digest, "size": found.size} if found.size is not None else {"digest": found.digest}


def _face(face: Face) -> Data:
    if face.columns:
        return {"columns": {column.name: column.datatype for column in face.columns}}
    tensors: list[Data] = [
        {"name": tensor.name, "datatype": tensor.datatype, "shape": list(tensor.shape)} for tensor in face.tensors
    ]
    return {"tensors": tensors}
