"""The kubernetes target: the service as the objects that every cluster knows."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Claim, Context, Lowered, Target, approximated
from servespec.targets.kubernetes.options import KubernetesOptions


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.kubernetes.lower import lower

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    from servespec.targets.kubernetes.messages import check  # start-up: most specs are for no cluster

    if isinstance(options, KubernetesOptions):
        yield from check(deployment, options)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    from servespec.targets.kube.claims import objects  # start-up: most specs are for no cluster

    assert isinstance(options, KubernetesOptions)
    yield from objects(deployment, "Deployment", namespace=options.namespace)


KUBERNETES = Target(
    name="kubernetes",
    summary="manifests of the objects that every cluster knows, hardened, with their probes",
    options=KubernetesOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": KEPT,
        "description": KEPT,
        "owner": KEPT,
        "labels": KEPT,
        "model": KEPT,
        "signature": UNRELATED,
        "runtime": KEPT,
        "optimize": UNRELATED,
        "image": KEPT,
        "resources": KEPT,
        "probes": KEPT,
        "security": KEPT,
        "security.authorization": approximated(
            "a token is known to one process, and there may be several: none is asked for"
        ),
        **dict.fromkeys(IN_A_CLUSTER, KEPT),
        "connections": KEPT,
        "secrets": KEPT,
        "batch": UNRELATED,
        "streaming": KEPT,
        "variants": KEPT,
        "examples": UNRELATED,
        "environments": KEPT,
        "targets": KEPT,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
    check=_check,
    claims=_claims,
    requires=lambda deployment: ("docker",),
)
