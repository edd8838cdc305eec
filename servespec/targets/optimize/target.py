"""The optimize target: a program that converts the model to ONNX, and proves that it answers alike."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, NoOptions, Target, dropped


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.optimize.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


OPTIMIZE = Target(
    name="optimize",
    summary="a program that converts the model to ONNX, compares both, and measures which is faster",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": UNRELATED,
        "release": UNRELATED,
        "description": UNRELATED,
        "owner": UNRELATED,
        "labels": UNRELATED,
        "model": KEPT,
        "model.version": UNRELATED,
        "model.handler": dropped("only the model is converted; a handler's steps must go into it, or to the clients"),
        "model.extraFiles": UNRELATED,
        "signature": KEPT,
        "signature.outputs.columns": dropped("an ONNX model gives tensors, which get the names that they have anyway"),
        "runtime": UNRELATED,
        "runtime.threads": KEPT,
        "optimize": KEPT,
        "image": UNRELATED,
        "image.requirements": KEPT,
        "image.indexes": KEPT,
        "image.indexes.secret": UNRELATED,
        "image.wheels": KEPT,
        "resources": UNRELATED,
        "probes": UNRELATED,
        "security": UNRELATED,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": UNRELATED,
        "secrets": UNRELATED,
        "variants": UNRELATED,
        "batch": UNRELATED,
        "streaming": UNRELATED,
        "examples": UNRELATED,
        "examples.request": KEPT,
        "targets": UNRELATED,
        "environments": UNRELATED,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
)
