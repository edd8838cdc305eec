"""The client target: programs that ask the served model over each of its protocols, and an OpenAPI document."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, NoOptions, Target


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.client.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


CLIENT = Target(
    name="client",
    summary="typed clients for REST and gRPC, to run or to import, and an OpenAPI document",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": KEPT,
        "description": KEPT,
        "owner": UNRELATED,
        "labels": UNRELATED,
        "model": UNRELATED,
        "model.name": KEPT,
        "signature": KEPT,
        "runtime": UNRELATED,
        "runtime.server": KEPT,
        "runtime.protocols": KEPT,
        "runtime.timeouts.request": KEPT,
        "optimize": UNRELATED,
        "image": UNRELATED,
        "resources": UNRELATED,
        "probes": UNRELATED,
        "security": UNRELATED,
        "security.authorization": KEPT,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": UNRELATED,
        "secrets": UNRELATED,
        "variants": UNRELATED,
        "batch": UNRELATED,
        "streaming": UNRELATED,
        "examples": KEPT,
        "targets": UNRELATED,
        "environments": UNRELATED,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
)
