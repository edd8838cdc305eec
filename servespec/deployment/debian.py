"""The Debian packages in the images of a deployment, and whether they have a mirror."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment import messages
from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import HUB, registry_of
from servespec.deployment.types import Deployment, Mirrors
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING
from servespec.diagnostics.types import Diagnostic
from servespec.runtimes import batch, mlserver, torchserve
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.image import DEBIAN

_OF_FORMAT = {
    mlserver.SERVER.name: mlserver.SYSTEM_PACKAGES,
    BATCH: batch.SYSTEM_PACKAGES,
    STREAMING: batch.SYSTEM_PACKAGES,
}
_BUILDING = frozenset(("docker", "compose", "kubernetes", "airflow"))
"""Targets with which a Dockerfile comes."""


def added_packages(maker: str, model_format: str) -> tuple[str, ...]:
    """What an image needs besides what the spec names: that of a server, of a scorer, or of workers that score."""
    if maker == torchserve.SERVER.name:
        return torchserve.SYSTEM_PACKAGES.value
    return _OF_FORMAT[maker].value.get(model_format, ()) if maker in _OF_FORMAT else ()


def python_base(deployment: Deployment) -> ImageReference:
    """The image that the server's starts from, or one of Python where that is the server's own."""
    if SERVERS[deployment.runtime.server].python.value:
        return deployment.image.base
    base = ImageReference.parse(batch.BASE.value.format(python=deployment.image.python))
    return base or deployment.image.base


def unmirrored(deployment: Deployment) -> Iterator[Diagnostic]:
    """The first image that has Debian packages, where there are mirrors and none for apt."""
    if deployment.mirrors.apt:
        return
    builds = not _BUILDING.isdisjoint(deployment.targets)
    for base, added in _images(deployment):
        if not _is_debian(base, deployment.mirrors):
            continue
        if deployment.image.system_packages:
            yield messages.outside_mirror(("image", "systemPackages"), None, known=())
            return
        if builds and added:
            yield messages.outside_mirror(("model", "format"), None, known=(), needed=added)
            return


def _images(deployment: Deployment) -> Iterator[tuple[ImageReference, tuple[str, ...]]]:
    """What each image starts from, and the packages that it needs; those of variants are looked at as their own."""
    model, patterns = deployment.model, deployment.patterns
    if REALTIME in patterns and not deployment.variants:
        yield deployment.image.base, added_packages(deployment.runtime.server, model.format)
    if deployment.batch and deployment.batch.run_on != "spark":
        yield python_base(deployment), added_packages(BATCH, model.format)
    if deployment.streaming:
        own = deployment.streaming.scoring == "worker"
        yield python_base(deployment), added_packages(STREAMING, model.format) if own else ()


def _is_debian(image: ImageReference, mirrors: Mirrors) -> bool:
    """Whether an image is known to have Debian's packages, also where it is that of a mirror."""
    registry, path = registry_of(image.repository)
    mirror = f"{mirrors.images[HUB].rstrip('/')}/" if HUB in mirrors.images else None
    if mirror and image.repository.startswith(mirror):
        return image.repository.removeprefix(mirror) in DEBIAN.value
    return registry == HUB and path in DEBIAN.value
