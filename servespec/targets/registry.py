"""The targets in the order in which they are lowered: what others require comes first, those of other packages last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from importlib import import_module
from typing import cast

from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.on_demand import OnDemand
from servespec.targets.contract import Target

NAMES = (
    "torchserve",
    "onnxruntime",
    "mlserver",
    "mlflow",
    "tf-serving",
    "triton",
    "optimize",
    "batch",
    "streaming",
    "fetch",
    "docker",
    "compose",
    "kubernetes",
    "seldon",
    "kserve",
    "client",
    "airflow",
)
"""Our own."""


def _load(name: str) -> Target:
    """The target's value: `TF_SERVING` in `tf_serving/target.py`, or what another package adds."""
    if name not in NAMES:
        from servespec.targets import plugins  # start-up: most specs name no target but ours

        return plugins.load(name)
    word = name.replace("-", "_")
    return cast("Target", getattr(import_module(f"servespec.targets.{word}.target"), word.upper()))


def _options(name: str) -> type[Node]:
    return TARGETS[name].options


def _added() -> Collection[str]:
    from servespec.targets import plugins  # start-up, as above

    return plugins.installed()


TARGETS = OnDemand(NAMES, _load, more=_added)
"""Every target, by its name."""
OPTIONS = OnDemand(NAMES, _options, more=_added)
"""The models of their options."""


def closure(deployment: Deployment, names: Iterable[str]) -> tuple[Target, ...]:
    """The named targets with all that they require, in the order in which they are lowered."""
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending += TARGETS[name].requires(deployment)
    place = {name: number for number, name in enumerate(NAMES)}
    return tuple(TARGETS[name] for name in sorted(wanted, key=lambda name: (place.get(name, len(place)), name)))
