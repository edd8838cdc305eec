"""What a model's address means now: its files with their digests, its version in a registry, its signature."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from pathlib import Path

from servespec.checks.asked_models import asked_model
from servespec.deployment.addresses import scheme, stored_file
from servespec.deployment.locked import is_file, loaded, takes_whole
from servespec.deployment.references import connection_named
from servespec.deployment.registry import RegistryAddress, registry_address
from servespec.deployment.types import Deployment, Model
from servespec.edge import mlflow, storage
from servespec.edge.gather import gather
from servespec.edge.s3 import Way
from servespec.edge.web import Stored, Unanswered
from servespec.facts import Depth, Facts, Kind, Wanted
from servespec.inspection.blob import from_mapping
from servespec.inspection.dispatch import inspect_folder
from servespec.inspection.mlmodel import FILE
from servespec.models import Inspection, Signature
from servespec.pipeline.locktext import FoundModel, StoredFile

_TRACKING = "MLFLOW_TRACKING_URI"


def model_of(deployment: Deployment, facts: Facts, project: Path) -> FoundModel:
    """What the address of a deployment's model means now. Raises Unanswered, with a sentence."""
    model = deployment.model
    address = registry_address(model.uri)
    if scheme(model.uri) is None:
        found = FoundModel(_beside(model, facts, project), signature=_told(deployment, facts))
    elif address is not None:
        found = _registered(address, _tracking(deployment), _way(deployment))
    else:
        found = FoundModel(_stored(model, _way(deployment)))
    digests = {item.digest for item in found.files.values()}
    if model.digest is not None and model.digest not in digests:
        raise Unanswered(f"no file of {model.uri} has the `model.digest` of the spec")
    return found


def _told(deployment: Deployment, facts: Facts) -> Signature | None:
    said = asked_model(deployment, facts)
    return said.exact if said else None


def _beside(model: Model, facts: Facts, project: Path) -> dict[str, StoredFile]:
    """The files of a model in the project: what a server loads, and no code, which is hashed for itself."""
    whole = takes_whole(model, facts)
    wanted = Wanted(model.uri, Depth.TREE) if whole else Wanted(loaded(model, facts) or model.uri, Depth.BYTES)
    folder = posixpath.dirname(model.uri) if is_file(model) else model.uri
    looked = gather(project, [wanted]).files.values()
    found = {posixpath.relpath(fact.path, folder or "."): fact for fact in looked if fact.kind is not Kind.FOLDER}
    for fact in found.values():
        if fact.kind is not Kind.FILE or fact.lfs_pointer:
            raise Unanswered(f"{fact.path} is {'a Git LFS pointer' if fact.lfs_pointer else fact.kind}")
    return {path: StoredFile(f"sha256:{fact.sha256}", fact.size) for path, fact in found.items()}


def _stored(model: Model, way: Way) -> dict[str, StoredFile]:
    """The files of a model in a storage; of one that can't be read here, what the spec itself says."""
    name = stored_file(model)
    if scheme(model.uri) not in storage.SCHEMES and model.digest is not None and name is not None:
        return {name: StoredFile(model.digest)}
    return _sealed(storage.files_at(model.uri, way))


def _registered(address: RegistryAddress, tracking: str, way: Way) -> FoundModel:
    registry = mlflow.MlflowRegistry(tracking)
    found = registry.find(address)
    if mlflow.is_proxied(found.folder):
        files = registry.files(found.folder)
        data = registry.read(found.folder, FILE) if FILE in files else b""
    elif scheme(found.folder) == "s3":
        files = storage.files_at(found.folder, way)
        data = storage.read_at(found.folder, FILE, way) if FILE in files else b""
    else:
        raise Unanswered(f"the files of {address.name} {found.version} are at {found.folder}, out of reach")
    return FoundModel(_sealed(files), found.version, _signature(data))


def _sealed(files: Mapping[str, Stored]) -> dict[str, StoredFile]:
    return {path: StoredFile(item.digest, item.size) for path, item in files.items()}


def _signature(data: bytes) -> Signature | None:
    """The signature that the `MLmodel` of a registered model tells."""
    said = inspect_folder(from_mapping("model", {FILE: data})) if data else None
    return said.exact if isinstance(said, Inspection) else None


def _way(deployment: Deployment) -> Way:
    """How the model's storage is reached, as far as its connection says; what is shown there is in no spec."""
    storage = connection_named(deployment, deployment.model.credentials.storage)
    return Way(storage.endpoint, storage.region, anonymous=storage.auth == "none") if storage else Way()


def _tracking(deployment: Deployment) -> str:
    """The tracking server: the connection's, what the spec gives the running service, or what this process is given."""
    registry = connection_named(deployment, deployment.model.credentials.registry)
    given = registry.endpoint if registry else deployment.runtime.env.get(_TRACKING)
    found = given if isinstance(given, str) else os.environ.get(_TRACKING)
    if not found:
        raise Unanswered(f"no {_TRACKING} tells where {deployment.model.uri} is registered")
    return found
