"""The targets, in the order in which they are lowered: what others require comes first."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import cast

from servespec.deployment.types import Deployment
from servespec.node import Node
from servespec.on_demand import OnDemand
from servespec.targets.contract import Target

_NAMES = (
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


def _load(name: str) -> Target:
    """The target's value: `TF_SERVING` in `tf_serving/target.py`."""
    word = name.replace("-", "_")
    return cast("Target", getattr(import_module(f"servespec.targets.{word}.target"), word.upper()))


def _options(name: str) -> type[Node]:
    return TARGETS[name].options


TARGETS = OnDemand(_NAMES, _load)
"""Every target, by its name."""
OPTIONS = OnDemand(_NAMES, _options)
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
    return tuple(TARGETS[name] for name in TARGETS if name in wanted)
