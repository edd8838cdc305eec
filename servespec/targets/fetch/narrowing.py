"""What of a spec can't reach a server whose model is fetched when it starts."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.fetching import fetched
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.targets.contract import Support, lost

_WITH_THE_MODEL = "nothing lies beside a model that is fetched but what is fetched with it; put it into its folder"

_ROWS: Mapping[str, Support] = {
    "model.code": lost(_WITH_THE_MODEL),
    "model.extraFiles": lost(_WITH_THE_MODEL),
}


def narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    """The rows of a server's table that are others when its image has no model."""
    return _ROWS if fetched(deployment.model) else {}
