"""What has to be built before a platform can run a deployment."""

from __future__ import annotations

from servespec.deployment.addresses import storage_address
from servespec.deployment.types import Deployment


def image_makers_needed(deployment: Deployment) -> tuple[str, ...]:
    """The targets that make what is run: none where every model is fetched into a server that others ship."""
    models = [variant.model for variant in deployment.variants] or [deployment.model]
    return () if all(map(storage_address, models)) else ("docker",)
