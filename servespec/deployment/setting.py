"""What a spec is resolved with, besides what it says: its environment, and what the root file says for all specs."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


NO_SETTING = Setting()


def setting_of(environment: str | None, root: RootFile | None) -> Setting:
    """The setting of a spec in an environment, below a root file if there is one."""
    return Setting(environment, _mirrors(root) if root else NO_MIRRORS)


def _mirrors(root: RootFile) -> Mirrors:
    given = root.mirrors
    pip = Index(given.pip.url, given.pip.secret) if given.pip else None
    return Mirrors(by_key(given.images), pip, by_key(given.apt))
