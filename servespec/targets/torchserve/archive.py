"""The model archive itself, without torch and without the archiver: the same files, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable, Iterator
from functools import partial
from typing import cast

from servespec.artifacts import Artifact, Language, Recipe
from servespec.deployment.types import Deployment
from servespec.emit import yaml, zip
from servespec.emit.quoted import Data
from servespec.facts import Facts, Kind
from servespec.runtimes import torchserve as facts
from servespec.targets.contract import Context
from servespec.targets.torchserve.files import ArchiveFiles
from servespec.targets.torchserve.settings import model_config

_CHUNK = 1 << 20


def archive(deployment: Deployment, context: Context, files: ArchiveFiles, *, handler: str | None) -> Artifact:
    """The `.mar` as a recipe over the project's files. `handler` is the text of an emitted one."""
    made: dict[str, bytes] = {"MAR-INF/MANIFEST.json": manifest(files).encode()}
    made["model-config.yaml"] = yaml.dump(cast("Data", model_config(deployment))).text.encode()
    if handler is not None:
        made["handler.py"] = handler.encode()
    read = dict(_read(files, context.facts))
    seed = {name: hashlib.sha256(data).hexdigest() for name, data in made.items()}
    seed |= {name: context.facts.file(path).sha256 for name, path in read.items()}
    sources: dict[str, Callable[[], Iterator[bytes]]] = {name: partial(_whole, data) for name, data in made.items()}
    sources |= {name: partial(_file, posixpath.join(context.output.project, path)) for name, path in read.items()}
    entries = [zip.Entry(name, sources[name]) for name in sorted(sources)]
    fingerprint = hashlib.sha256(json.dumps(seed, sort_keys=True).encode()).hexdigest()
    return Artifact(f"model-store/{files.archive}", Recipe(partial(zip.stored, entries), fingerprint), Language.ZIP)


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
        "archiverVersion": facts.ARCHIVER_REQUIREMENTS.value[0].partition("==")[2],
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


def _whole(data: bytes) -> Iterator[bytes]:
    yield data


def _file(path: str) -> Iterator[bytes]:
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
