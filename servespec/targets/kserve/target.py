"""The kserve target: the service as KServe runs it."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import (
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
from servespec.targets.kube.support import BEHIND_A_PLATFORM


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
        **BEHIND_A_PLATFORM,
        "variants.shadow": dropped("KServe copies no requests: a shadow is left out"),
        "streaming": dropped("KServe runs what answers clients; the worker is made by `kubernetes`"),
    },
    lower=_lower,
    narrows=narrows,
    check=_check,
    claims=_claims,
    requires=image_makers_needed,
)
