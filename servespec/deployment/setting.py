"""What a spec is resolved with, besides what it says: its environment, and what the root file says for all specs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from servespec.deployment.locked import NO_LOCK, Lock
from servespec.deployment.platform import Platform
from servespec.deployment.reading import by_key
from servespec.deployment.types import NO_MIRRORS, Index, Mirrors
from servespec.records import dataclass

if TYPE_CHECKING:  # start-up: most repositories have no root file
    from servespec.spec.rootfile import RootFile


@dataclass(frozen=True)
class Setting:
    """Where a spec stands."""

    environment: str | None = None
    mirrors: Mirrors = NO_MIRRORS
    platforms: Mapping[str, Platform] = field(default_factory=dict)
    """The clusters that a spec may name."""
    doubtful: bool = False
    """Whether the root file has mistakes, so that it may describe other clusters too."""
    lock: Lock = NO_LOCK
    """What its names meant when it was locked."""


NO_SETTING = Setting()


def setting_of(
    environment: str | None, root: RootFile | None, lock: Lock | None = None, *, doubtful: bool = False
) -> Setting:
    """The setting of a spec in an environment, below a root file and beside a lock if there are such."""
    if root is None:
        return Setting(environment, doubtful=doubtful, lock=lock or NO_LOCK)
    return Setting(environment, _mirrors(root), _platforms(root), doubtful, lock or NO_LOCK)


def _platforms(root: RootFile) -> dict[str, Platform]:
    return {
        name: Platform(
            name=name,
            kubernetes=given.kubernetes,
            keda=given.keda,
            seldon=given.seldon,
            kserve=given.kserve,
            knative=given.knative,
            deployment_mode=given.deploymentMode,
            enable_gateway_api=given.enableGatewayApi,
            features=given.features,
        )
        for name, given in root.platforms.items()
    }


def _mirrors(root: RootFile) -> Mirrors:
    given = root.mirrors
    pip = Index(given.pip.url, given.pip.secret) if given.pip else None
    return Mirrors(by_key(given.images), pip, by_key(given.apt))
