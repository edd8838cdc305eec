"""The model archive itself, without torch and without the archiver: the same files, the same bytes every time."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Language, Member, Packed
from servespec.facts import Facts, Kind
from servespec.runtimes import torchserve as facts
from servespec.targets.torchserve.files import ArchiveFiles


def archive(files: ArchiveFiles, found: Facts) -> Artifact:
    """The `.mar`, of the project's files and of emitted ones as they are after overrides."""
    members = [
        Member("MAR-INF/MANIFEST.json", data=manifest(files).encode()),
        Member("model-config.yaml", artifact="model-config.yaml"),
        *([Member("handler.py", artifact="handler.py")] if files.handler_is_ours else []),
        *(Member(name, project_file=path) for name, path in _read(files, found)),
    ]
    packed = Packed(tuple(sorted(members, key=lambda member: member.name)))
    return Artifact(f"model-store/{files.archive}", packed, Language.ZIP)


def manifest(files: ArchiveFiles) -> str:
    """The archive's manifest as the archiver writes it, but for a fixed time."""
    model = {
        "modelName": files.model_name,
        "serializedFile": posixpath.basename(files.weights),
        "handler": posixpath.basename(files.handler),
        "modelFile": posixpath.basename(files.code) if files.code else None,
        "modelVersion": files.version,
        "configFile": posixpath.basename(files.config),
    }
    record = {
        "createdOn": "01/01/1980 00:00:00",
        "runtime": "python",
        "model": {name: value for name, value in model.items() if value is not None},
        "archiverVersion": facts.ARCHIVER.value.partition("==")[2],
    }
    return json.dumps(record, indent=2)


def _read(files: ArchiveFiles, found: Facts) -> Iterator[tuple[str, str]]:
    """Name in the archive and path in the project of each file: flat, but for what is below an extra folder."""
    for path in (files.weights, files.code, None if files.handler_is_ours else files.handler):
        if path:
            yield posixpath.basename(path), path
    for path in files.extra:
        if found.file(path).kind is not Kind.FOLDER:
            yield posixpath.basename(path), path
        for below, fact in found.files.items():
            if fact.kind is Kind.FILE and below.startswith(f"{path}/"):
                yield below.removeprefix(f"{path}/"), below
