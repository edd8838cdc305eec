"""The kserve target: the service as KServe runs it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import (
    IN_A_CLUSTER,
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    Target,
    dropped,
)
from servespec.targets.kserve.checking import check
from servespec.targets.kserve.narrowing import narrows
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.needs import image_makers_needed


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.kserve.lower import lower

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    assert isinstance(options, KServeOptions)
    yield from check(deployment, options)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    from servespec.targets.kube.claims import objects

    assert isinstance(options, KServeOptions)
    yield from objects(deployment, "InferenceService", namespace=options.namespace)


KSERVE = Target(
    name="kserve",
    summary="an InferenceService of KServe, and the ServingRuntime that it needs for a model from a storage",
    options=KServeOptions,
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
        "image": KEPT,
        "resources": KEPT,
        "probes": KEPT,
        "security": KEPT,
        "security.authorization": dropped(
            "a token is known to one process, and there may be several: none is asked for"
        ),
        **dict.fromkeys(IN_A_CLUSTER, KEPT),
        "network": dropped("the platform leads requests to the pods; who may reach them is the cluster's to say"),
        "connections": KEPT,
        "secrets": KEPT,
        "variants": KEPT,
        "variants.shadow": dropped("KServe copies no requests: a shadow is left out"),
        "batch": UNRELATED,
        "streaming": dropped("KServe runs what answers clients; the worker is made by `kubernetes`"),
        "optimize": KEPT,
        "environments": KEPT,
        "examples": UNRELATED,
        "targets": KEPT,
        "overrides": KEPT,
        "suppress": UNRELATED,
    },
    lower=_lower,
    narrows=narrows,
    check=_check,
    claims=_claims,
    requires=image_makers_needed,
)
