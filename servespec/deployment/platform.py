"""The cluster that a deployment is for: what it takes, and what is on it."""

from __future__ import annotations

import re

from servespec.records import dataclass
from servespec.runtimes.kubernetes import OLDEST

_VERSION = re.compile(r"v?([0-9]{1,3})\.([0-9]{1,3})(?:\.[0-9]+)?(?:[-+].*)?", re.ASCII)


@dataclass(frozen=True)
class Platform:
    """A cluster."""

    name: str | None
    """None for any cluster."""
    kubernetes: str
    """The oldest version that it may have."""
    keda: str | None
    """None where it is not installed; on any cluster that is the user's to know."""

    def since(self, version: str) -> bool:
        """Whether it has that version of Kubernetes or a newer one."""
        return number(self.kubernetes) >= number(version)

    @property
    def lacks_keda(self) -> bool:
        """Whether it is known that KEDA is not there."""
        return self.name is not None and self.keda is None


ANY = Platform(None, OLDEST.value, None)
"""What is compiled where no cluster is named: what every one takes."""


def number(version: str) -> tuple[int, int]:
    """A version as numbers that compare; (0, 0) for what is none."""
    match = _VERSION.fullmatch(version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
