"""What in a deployment may be something else tomorrow, besides images."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment, Model
from servespec.diagnostics.types import Label
from servespec.pipeline.analysis import targets_of
from servespec.runtimes.catalog import OTHERS, SERVERS
from servespec.spans import Route

_URI: Route = ("model", "uri")


def models_of(deployment: Deployment) -> Iterator[tuple[Label, Model]]:
    """The deployment's models, each once, with the label of its address."""
    own = Label(_URI, "this address")
    seen: dict[str, tuple[Label, Model]] = {deployment.model.uri: (own, deployment.model)}
    for index, variant in enumerate(deployment.variants):
        at = Label(("variants", index, *_URI), "this address", otherwise=own)
        seen.setdefault(variant.model.uri, (at, variant.model))
    yield from seen.values()


def requirements_of(deployment: Deployment) -> Iterator[tuple[Label, str]]:
    """The files of requirements that go into the deployment's images, each once."""
    route: Route = ("image", "requirements")
    images = [
        (route, deployment.image),
        *((("variants", i, *route), v.image) for i, v in enumerate(deployment.variants)),
    ]
    found = {image.requirements: Label(at, "this file", otherwise=Label(route)) for at, image in reversed(images)}
    yield from ((label, path) for path, label in found.items() if path)


def known_of(deployment: Deployment) -> tuple[str, ...]:
    """The servers, and what else facts are known of, that are used."""
    servers = (deployment.runtime.server, *(variant.runtime.server for variant in deployment.variants))
    used = {*servers, *(target.name for target in targets_of(deployment))}
    return tuple(sorted(used & {*SERVERS, *OTHERS}))
