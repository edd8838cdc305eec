"""The mlserver target: configuration, entry point and health check of MLServer."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.contract import (
    IN_A_CLUSTER,
    KEPT,
    UNRELATED,
    Context,
    Lowered,
    NoOptions,
    Target,
    approximated,
    dropped,
    lost,
)
from servespec.targets.fetch.narrowing import narrows


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.mlserver.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


COMMON = {
    "apiVersion": UNRELATED,
    "name": KEPT,
    "pattern": KEPT,
    "release": UNRELATED,
    "description": UNRELATED,
    "owner": UNRELATED,
    "labels": UNRELATED,
    "model": KEPT,
    "model.handler": dropped("MLServer's runtimes have no handler; put steps into the model, as in a pipeline"),
    "signature": KEPT,
    "runtime": KEPT,
    "runtime.timeouts.request": dropped("MLServer has no limit for a request; set it where clients call"),
    "runtime.timeouts.startup": UNRELATED,
    "runtime.env": UNRELATED,
    "optimize": UNRELATED,
    "image": UNRELATED,
    "resources": KEPT,
    "probes": UNRELATED,
    "security": UNRELATED,
    "security.authorization": dropped("MLServer does not authenticate callers; let only trusted ones reach it"),
    **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
    "connections": UNRELATED,
    "secrets": UNRELATED,
    "batch": UNRELATED,
    "streaming": dropped(
        "MLServer answers what comes by its own way through Kafka; the worker of `streaming` loses no event"
    ),
    "variants": KEPT,
    "variants.weight": UNRELATED,
    "variants.shadow": UNRELATED,
    "variants.replicas": UNRELATED,
    "examples": KEPT,
    "targets": KEPT,
    "environments": UNRELATED,
    "overrides": KEPT,
    "suppress": UNRELATED,
}
"""What holds for everything that runs inside MLServer."""

MLSERVER = Target(
    name="mlserver",
    summary="configuration, entry point and health check of MLServer",
    options=NoOptions,
    supports={
        **COMMON,
        "resources.accelerator": lost("its runtimes compute on CPUs"),
        "runtime.graphLevel": dropped("the model is no graph that a server could optimise"),
        "runtime.microBatch": approximated("a request that the model refuses is refused with all others of its batch"),
    },
    lower=_lower,
    narrows=narrows,
)
