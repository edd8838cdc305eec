"""What runs in a container of its own: the server of each realtime face or of each of its variants, a batch scorer, a
stream's worker."""

from __future__ import annotations

from collections.abc import Iterable

from servespec.deployment.cluster import PLATFORMS
from servespec.deployment.fetching import FETCH, fetches
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view

REALTIME = "realtime"
"""The model server that answers clients. A workload is called by the pattern that it serves, or by its variant."""
BATCH = "batch"
"""The job that scores files, and the target that emits it."""
STREAMING = "streaming"
"""The workers that score events, and the target that emits them."""


def serves(deployment: Deployment) -> bool:
    """Whether a model server runs: without one, what it can't do is nobody's loss."""
    return REALTIME in deployment.patterns


def scores_in_pods(deployment: Deployment) -> bool:
    """Whether the batch runs in pods of a cluster."""
    return deployment.batch is not None and deployment.batch.run_on == "kubernetes"


def has_account(deployment: Deployment) -> bool:
    """Whether the service account of the pods is there: somebody else's, or made by a target for a cluster."""
    return not deployment.identity.made or any(name in deployment.targets for name in PLATFORMS)


def only_streams(deployment: Deployment) -> bool:
    """Whether there is nothing to run but workers of a stream."""
    return STREAMING in deployment.patterns and not serves(deployment)


def image_makers(deployment: Deployment) -> tuple[str, ...]:
    """The targets whose files the images of a deployment are made of: one a pattern, one a variant of realtime, and
    what fetches a model for them."""
    servers = tuple(variant.runtime.server for variant in deployment.variants) or (deployment.runtime.server,)
    before = (FETCH,) if fetches(deployment) else ()
    makers = {REALTIME: (*servers, *before), BATCH: (BATCH,), STREAMING: (STREAMING,)}
    return tuple(dict.fromkeys(maker for pattern in deployment.patterns for maker in makers[pattern]))


def default_targets(pattern: str, *, servers: tuple[str, ...]) -> tuple[str, ...]:
    """What a pattern is compiled to when the spec names no targets, for the model servers of those names."""
    return {
        REALTIME: (*servers, "docker", "compose", "client"),
        BATCH: (BATCH, "docker", "airflow"),
        STREAMING: (STREAMING, "docker", "compose", "kubernetes"),
    }[pattern]


def of_workload(deployment: Deployment, workload: str) -> Deployment:
    """The deployment as it is for a workload: that of a variant is the variant's own, and that of workers too."""
    if workload == STREAMING:
        from servespec.deployment.workers import workers  # start-up: most specs have none

        return workers(deployment)
    for variant in deployment.variants:
        if variant.name == workload:
            return view(deployment, variant)
    return deployment


def service_name(deployment: Deployment, workload: str) -> str:
    """What runs a workload where others find it by its name: the deployment's own name is that of its address."""
    return deployment.name if workload == REALTIME else f"{deployment.name}-{workload}"


def scorer_name(deployment: Deployment) -> str:
    """What the pods of a batch are called by: like the service, or where that is a server, apart from it."""
    return service_name(deployment, BATCH) if serves(deployment) else deployment.name


def dockerfile_name(workload: str, workloads: Iterable[str]) -> str:
    """The name of a workload's Dockerfile in its folder: the realtime one's, and a lone one's, is the usual name."""
    plain = workload == REALTIME or len(tuple(workloads)) == 1
    return "Dockerfile" if plain else f"{workload}.Dockerfile"
