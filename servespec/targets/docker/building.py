"""How the image of a workload is built, whoever builds it."""

from __future__ import annotations

from servespec.deployment.images import ImageReference
from servespec.deployment.names import secret_variable
from servespec.deployment.types import Deployment


def build_options(deployment: Deployment, *, file: str, reference: ImageReference) -> list[str]:
    """The options of `docker build` for the Dockerfile of a workload, which `deployment` is that of."""
    secrets = [f"--secret=id={name},env={secret_variable(name)}" for name in deployment.image.build_secrets]
    return [f"--file={file}", f"--tag={reference}", *secrets]


def platform_options(deployment: Deployment) -> list[str]:
    """What `docker build` is told of the platforms for which an image is kept; one that is only tried is for here."""
    platforms = deployment.image.platforms
    return [f"--platform={','.join(platforms)}"] if platforms else []
