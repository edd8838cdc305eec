"""The seldon target: the service as Seldon Core runs it, in its first version or its second."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.runtimes.seldon import V2
from servespec.targets.contract import (
    Claim,
    Context,
    Lowered,
    Target,
    dropped,
)
from servespec.targets.kube.needs import image_makers_needed
from servespec.targets.kube.support import BEHIND_A_PLATFORM
from servespec.targets.seldon.checking import check
from servespec.targets.seldon.narrowing import narrows
from servespec.targets.seldon.options import SeldonOptions


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.seldon.lower import lower

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    assert isinstance(options, SeldonOptions)
    yield from check(deployment, options)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    from servespec.targets.kube.claims import named, objects

    assert isinstance(options, SeldonOptions)
    if options.apiVersion != V2:
        yield from objects(deployment, "SeldonDeployment", namespace=options.namespace)
        return
    # Clients find a Model by the model's own name.
    yield from named(deployment, "Model", {deployment.model.name: ("model", "name")}, namespace=options.namespace)
    if options.server is None:
        yield from named(deployment, "Server", {deployment.name: ("name",)}, namespace=options.namespace)


SELDON = Target(
    name="seldon",
    summary="a SeldonDeployment of Seldon Core 1, or a Model and its Server of Seldon Core 2",
    options=SeldonOptions,
    supports={
        **BEHIND_A_PLATFORM,
        "streaming": dropped(
            "Seldon's own way through Kafka is not used, which sets no event apart; the worker of `kubernetes` is"
        ),
    },
    lower=_lower,
    narrows=narrows,
    check=_check,
    claims=_claims,
    requires=image_makers_needed,
)
