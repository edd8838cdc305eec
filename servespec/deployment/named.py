"""Which paths a deployment names: everything that `gather` has to look at, and how closely."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import scheme
from servespec.deployment.layout import PYTORCH, SUFFIXES
from servespec.deployment.locked import locked_paths
from servespec.deployment.types import Deployment, Model
from servespec.facts import Depth, Wanted
from servespec.spans import Route


def named(deployment: Deployment) -> Iterator[tuple[Route, Wanted]]:
    """Every path of the project that the deployment names, with the field that names it."""
    model, image = deployment.model, deployment.image
    yield ("model", "uri"), Wanted(model.uri, _depth(model.format), SUFFIXES[model.format])
    if model.code:
        yield ("model", "code"), Wanted(model.code, Depth.READ)
    if model.handler:
        yield ("model", "handler", "file"), Wanted(model.handler.file, Depth.READ)
    for index, path in enumerate(model.extra_files):
        yield ("model", "extraFiles", index), Wanted(path, Depth.TREE)
    if image.requirements:
        yield ("image", "requirements"), Wanted(image.requirements, Depth.READ)
    if image.wheels:
        yield ("image", "wheels"), Wanted(image.wheels, Depth.TREE)
    if deployment.streaming:
        for side, path in deployment.streaming.schema_files:
            yield ("streaming", side, "schemaFile"), Wanted(path, Depth.READ)
    for index, file in enumerate(image.files):
        yield ("image", "files", index, "source"), Wanted(file.source, Depth.TREE)


def weighed(model: Model) -> Iterator[Wanted]:
    """What of a model's files has to be looked at to compare them with its lock: all bytes of them."""
    if model.locked is None or scheme(model.uri) is not None:
        return
    if not SUFFIXES[model.format]:
        yield Wanted(model.uri, Depth.TREE)
    for path in locked_paths(model):
        yield Wanted(path, Depth.BYTES)


def _depth(model_format: str) -> Depth:
    """How closely a model is looked at: of PyTorch's and MLflow's folders the code is read, of none the weights."""
    if model_format in PYTORCH:
        return Depth.READ
    return Depth.LISTED if SUFFIXES[model_format] else Depth.SOURCES
