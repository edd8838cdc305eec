"""What pulls the images of a deployment, wherever it runs."""

from __future__ import annotations

from servespec.deployment.addresses import storage_address
from servespec.deployment.cluster import PLATFORMS
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scores_in_pods
from servespec.runtimes.storages import FETCHED


def puller(deployment: Deployment) -> str | None:
    """The first target by which a cluster runs an image of the deployment; None where none does."""
    ours = [name for name in PLATFORMS if name not in FETCHED or storage_address(deployment.model) is None]
    running = (*ours, *(("airflow",) if scores_in_pods(deployment) else ()))
    return next((target for target in deployment.targets if target in running), None)
