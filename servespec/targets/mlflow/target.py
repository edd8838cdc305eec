"""The mlflow target: MLflow's scoring server around a model of any flavour, started so that it drains."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, NoOptions, Target, lost


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.mlflow.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


_IN_THE_MODEL = "a model of MLflow brings its code along, in its own folder"

MLFLOW = Target(
    name="mlflow",
    summary="start script, health check and pinned requirements of MLflow's scoring server",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": UNRELATED,
        "description": UNRELATED,
        "owner": UNRELATED,
        "labels": UNRELATED,
        "model": KEPT,
        "model.framework": UNRELATED,
        "model.name": lost("the server has one model, and its path `/invocations` no name"),
        "model.version": lost("the server tells no version of the model"),
        "model.digest": lost("a model of MLflow is a folder, and a digest is of one file"),
        "model.code": lost(_IN_THE_MODEL),
        "model.handler": lost(_IN_THE_MODEL),
        "model.extraFiles": lost(_IN_THE_MODEL),
        "signature": UNRELATED,
        "runtime": KEPT,
        "runtime.graphLevel": UNRELATED,
        "runtime.microBatch": lost("the server scores each request by itself"),
        "runtime.timeouts.startup": UNRELATED,
        "runtime.env": UNRELATED,
        "runtime.config": lost("the server has no configuration file"),
        "optimize": UNRELATED,
        "image": UNRELATED,
        "resources": KEPT,
        "resources.accelerator": lost("the scoring server leaves it to the model, and its packages are for CPUs"),
        "probes": UNRELATED,
        "security.authorization": lost("the server knows no tokens"),
        "security": UNRELATED,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": UNRELATED,
        "secrets": UNRELATED,
        "batch": UNRELATED,
        "streaming": UNRELATED,
        "variants": KEPT,
        "variants.weight": UNRELATED,
        "variants.shadow": UNRELATED,
        "variants.replicas": UNRELATED,
        "examples": KEPT,
        "targets": KEPT,
        "environments": UNRELATED,
        "overrides": UNRELATED,
        "suppress": UNRELATED,
    },
    lower=_lower,
)
