"""Which of the two generations of Seldon Core a deployment is compiled to."""

from __future__ import annotations

from servespec.deployment.platform import Platform, number
from servespec.deployment.types import Deployment
from servespec.runtimes.seldon import FREE, V1, V2
from servespec.targets.seldon.options import SeldonOptions

_GENERATIONS = {V1: 1, V2: 2}


def api_version(deployment: Deployment, options: SeldonOptions) -> str:
    """What the options say; else the first generation, unless the cluster is known to have the second only."""
    if options.apiVersion is not None:
        return options.apiVersion
    platform = deployment.platform
    return V2 if platform.seldon_core(2) and not platform.seldon_core(1) else V1


def version_of(platform: Platform, api: str) -> str | None:
    """The version that is known to be on the cluster."""
    return platform.seldon_core(_GENERATIONS[api])


def is_commercial(platform: Platform, api: str) -> bool:
    """Whether production needs a licence: where nothing is known of the cluster, the first generation has had its last
    change, and of the second there may be any version."""
    version = version_of(platform, api)
    return api == V2 if version is None else number(version) > number(FREE.value[api])
