"""The fetch target: a program that brings a model from a storage or a registry when its server starts."""

from __future__ import annotations

from servespec.deployment.fetching import FETCH as NAME
from servespec.deployment.types import Deployment
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, NoOptions, Target


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.fetch.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


FETCH = Target(
    name=NAME,
    summary="a program that fetches the model from a storage or a registry when the service starts",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": UNRELATED,
        "pattern": UNRELATED,
        "release": KEPT,
        "description": UNRELATED,
        "owner": UNRELATED,
        "labels": UNRELATED,
        "model": UNRELATED,
        "model.uri": KEPT,
        "model.digest": KEPT,
        "model.credentials": KEPT,
        "signature": UNRELATED,
        "runtime": UNRELATED,
        "optimize": UNRELATED,
        "image": UNRELATED,
        "resources": UNRELATED,
        "probes": UNRELATED,
        "security": KEPT,
        "security.authorization": UNRELATED,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": KEPT,
        "secrets": UNRELATED,
        "batch": UNRELATED,
        "streaming": UNRELATED,
        "variants": KEPT,
        "variants.weight": UNRELATED,
        "variants.shadow": UNRELATED,
        "variants.replicas": UNRELATED,
        "examples": UNRELATED,
        "targets": UNRELATED,
        "environments": UNRELATED,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
)
