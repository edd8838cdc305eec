"""The targets, in the order in which they are lowered: what others require comes first."""

from __future__ import annotations

from collections.abc import Iterable

from servespec.deployment.types import Deployment
from servespec.targets.airflow.target import AIRFLOW
from servespec.targets.batch.target import BATCH
from servespec.targets.client.target import CLIENT
from servespec.targets.compose.target import COMPOSE
from servespec.targets.contract import Target
from servespec.targets.docker.target import DOCKER
from servespec.targets.kserve.target import KSERVE
from servespec.targets.kubernetes.target import KUBERNETES
from servespec.targets.mlflow.target import MLFLOW
from servespec.targets.mlserver.target import MLSERVER
from servespec.targets.onnxruntime.target import ONNXRUNTIME
from servespec.targets.optimize.target import OPTIMIZE
from servespec.targets.seldon.target import SELDON
from servespec.targets.tf_serving.target import TF_SERVING
from servespec.targets.torchserve.target import TORCHSERVE
from servespec.targets.triton.target import TRITON

TARGETS: tuple[Target, ...] = (
    TORCHSERVE,
    ONNXRUNTIME,
    MLSERVER,
    MLFLOW,
    TF_SERVING,
    TRITON,
    OPTIMIZE,
    BATCH,
    DOCKER,
    COMPOSE,
    KUBERNETES,
    SELDON,
    KSERVE,
    CLIENT,
    AIRFLOW,
)

BY_NAME = {target.name: target for target in TARGETS}


def closure(deployment: Deployment, names: Iterable[str]) -> tuple[Target, ...]:
    """The named targets with all that they require, in the order in which they are lowered."""
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending += BY_NAME[name].requires(deployment)
    return tuple(target for target in TARGETS if target.name in wanted)
