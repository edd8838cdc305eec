"""The cluster that a deployment is for: what it takes, and what is on it."""

from __future__ import annotations

import re

from servespec.records import dataclass
from servespec.runtimes.kubernetes import OLDEST

_VERSION = r"v?([0-9]{1,3})\.([0-9]{1,3})(?:\.[0-9]+)?(?:[-+].*)?"


@dataclass(frozen=True)
class Platform:
    """A cluster."""

    name: str | None
    """None for any cluster."""
    kubernetes: str
    """The oldest version that it may have."""
    keda: str | None = None
    """None where it is not installed, as with all below; on any cluster that is the user's to know."""
    seldon: tuple[str, ...] = ()
    """The versions of Seldon Core, one of a generation."""
    kserve: str | None = None
    knative: str | None = None
    deployment_mode: str = "Standard"
    """What KServe makes of a service that names no mode."""
    enable_gateway_api: bool = False
    """Whether KServe makes routes of the Gateway API."""
    features: tuple[str, ...] = ()
    """What is turned on in Knative."""

    def since(self, version: str) -> bool:
        """Whether it has that version of Kubernetes or a newer one."""
        return number(self.kubernetes) >= number(version)

    def lacks(self, version: str | None) -> bool:
        """Whether it is known that something is not there, which has this version on it."""
        return self.name is not None and version is None

    def seldon_core(self, generation: int) -> str | None:
        """The version of that generation of Seldon Core."""
        return next((version for version in self.seldon if number(version)[0] == generation), None)


ANY = Platform(None, OLDEST.value)
"""What is compiled where no cluster is named: what every one takes."""


def number(version: str) -> tuple[int, int]:
    """A version as numbers that compare; (0, 0) for what is none."""
    match = re.fullmatch(_VERSION, version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
