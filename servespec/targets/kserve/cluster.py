"""What the cluster of a deployment has of KServe, and of Knative under it."""

from __future__ import annotations

from servespec.deployment.platform import Platform, number
from servespec.deployment.types import Deployment
from servespec.runtimes.kserve import CANARY_SINCE, GATED
from servespec.targets.kserve.options import KServeOptions

STANDARD = "Standard"
KNATIVE = "Knative"


def mode_of(deployment: Deployment, options: KServeOptions) -> str:
    """What KServe makes of the service: what its options say, or else what the cluster makes of every one."""
    return options.mode or deployment.platform.deployment_mode


def has_canaries(platform: Platform) -> bool:
    """Whether KServe is known to share requests out there."""
    return platform.enable_gateway_api and number(platform.kserve or "") >= number(CANARY_SINCE.value)


def refused_fields(platform: Platform) -> tuple[str, ...]:
    """The fields of a pod that Knative takes there from nobody, as long as the features for them are turned off."""
    return tuple(field for field, feature in GATED.value.items() if feature not in platform.features)
