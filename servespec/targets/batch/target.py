"""The batch target: a program that scores the files of an interval, and publishes the results in one step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.addresses import scheme
from servespec.deployment.connections import Connection
from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.targets.contract import (
    KEPT,
    UNRELATED,
    Context,
    Lowered,
    NoOptions,
    Support,
    Target,
    approximated,
    dropped,
    lost,
)
from servespec.targets.scorer import SUPPORTS


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.batch.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    stored = deployment.batch is not None and scheme(str(deployment.batch.output.uri))
    vouched = deployment.batch is not None and any(item.ca for item in _with_common_authorities(deployment))
    return {
        **({"batch.output.uri": _UNLOCKED} if stored else {}),
        **({"connections.tls": _COMMON} if vouched else {}),
    }


def _with_common_authorities(deployment: Deployment) -> Iterator[Connection]:
    from servespec.deployment.scorer import connections  # start-up: most specs have none
    from servespec.runtimes.batch import OWN_AUTHORITIES

    return (item for item in connections(deployment) if item.type not in OWN_AUTHORITIES.value)


_UNLOCKED = approximated(
    "object storage has no locks: two runs of one interval keep apart, and readers see the one that ends last"
)
_COMMON = lost("Arrow's clients of Google's and Azure's storage trust those that everybody trusts")
_SCHEDULER = "the scorer runs when it is told to; a scheduler says when"

BATCH = Target(
    name="batch",
    summary="a program that scores the files of an interval in bounded memory, and its requirements",
    options=NoOptions,
    supports={
        **SUPPORTS,
        "variants": approximated("a batch scores with the model of the spec itself, whatever its variants are"),
        "batch": KEPT,
        "batch.schedule.start": dropped(_SCHEDULER),
        "batch.schedule.catchup": dropped(_SCHEDULER),
        "batch.schedule.maxActiveRuns": dropped(_SCHEDULER),
        "batch.retries": dropped("the scorer tries once; a scheduler tries again"),
        "batch.wait.deferrable": approximated("the scorer waits in its own process, whatever starts it"),
        "batch.env": dropped("variables belong to what starts the scorer"),
        "batch.dag": UNRELATED,
        "streaming": UNRELATED,
    },
    lower=_lower,
    narrows=_narrows,
)
