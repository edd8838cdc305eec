"""How a server runs in a container: made by its own target, read by those that build and run images."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from servespec.artifacts import Bundle, Origin
from servespec.deployment.canonical import as_data
from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.facts import Facts


@dataclass(frozen=True)
class Stage:
    """A build stage of its own that makes one folder of the image: neither tools nor sources stay behind."""

    requirements: tuple[str, ...]
    """PyPI requirements of the tool."""
    command: tuple[str, ...]
    """What makes the folder, run from the project folder."""
    files: tuple[str, ...]
    """Files that it reads, emitted ones too, relative to the project folder."""
    output: str
    """The folder that it makes, an absolute path."""


@dataclass(frozen=True)
class Container:
    """What an image of a server holds, and how a container of it is started, asked and stopped."""

    server: str
    """Name of the target whose files these are."""
    home: str
    """Folder of the server's files in the image."""
    scratch: str
    """The one folder that the server writes to; nothing in it needs to survive."""
    stop_seconds: int
    """Seconds from the last answer to the end of the process, besides the time for requests in flight."""
    system_packages: tuple[str, ...]
    requirements: str
    """The server's requirements file, below its target's folder."""
    files: tuple[str, ...]
    """Emitted files that go into `home`."""
    env: Mapping[str, tuple[str, Origin]]
    entrypoint: tuple[str, ...]
    health: tuple[str, ...]
    """Exits 0 when the model answers, 1 when it does not yet or no more."""
    ports: Mapping[str, int]
    """Ports for clients, by protocol: the field of `runtime.protocols`."""
    why: str
    """The fact that explains the parts that no field decides: `fact:<runtime>.<name>`."""
    stage: Stage | None = None
    model_folder: str = ""
    """Name below `home` of what the stage makes."""


def image_reference(deployment: Deployment, facts: Facts, bundles: tuple[Bundle, ...]) -> ImageReference:
    """The tag of the image, known before it exists: the release, and 12 hex digits over all that goes in.

    That is the emitted files of `bundles`, the code and requirements of the project, what the deployment says
    of the image, and the model's digest where the spec gives one.
    """
    emitted = {f"{bundle.target}/{item.path}": item.digest() for bundle in bundles for item in bundle.artifacts}
    read = {path: fact.sha256 for path, fact in facts.files.items() if fact.sha256}
    seed = [emitted, read, as_data(deployment.image), deployment.model.digest]
    digest = hashlib.sha256(json.dumps(seed, sort_keys=True).encode()).hexdigest()
    return ImageReference(deployment.image.repository, f"{deployment.release}-{digest[:12]}")
