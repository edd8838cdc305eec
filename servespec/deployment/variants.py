"""The variants of a deployment, and each as a deployment of its own.

A target that can do more than one thing behind an address reads `Deployment.variants`; what only knows one server (a
server's own target, the Dockerfile of an image, a check) is given a view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servespec.deployment.cluster import Scaling
from servespec.deployment.steps import OPTIMIZE
from servespec.deployment.types import Deployment, Variant
from servespec.records import replace

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.spec.variants import Variant as Written


def variants_of(written: Sequence[Written], meant: Sequence[Deployment]) -> tuple[Variant, ...]:
    """The variants as they were written, with what the spec means where each is laid over it."""
    sharing = sum(not item.shadow for item in written)
    return tuple(
        _variant(item, deployment, whole=sharing == 1) for item, deployment in zip(written, meant, strict=True)
    )


def _variant(written: Written, deployment: Deployment, *, whole: bool) -> Variant:
    return Variant(
        name=written.name,
        weight=100 if whole and written.weight is None and not written.shadow else written.weight,
        shadow=written.shadow,
        scaling=Scaling(written.replicas, None) if written.replicas else deployment.scaling,
        model=deployment.model,
        runtime=deployment.runtime,
        image=deployment.image,
        resources=deployment.resources,
        probes=deployment.probes,
    )


def view(deployment: Deployment, variant: Variant) -> Deployment:
    """The variant as a deployment of its own, which has no variants and no server but its own among its targets. It is
    the spec's own model that is converted."""
    return replace(
        deployment,
        model=variant.model,
        runtime=variant.runtime,
        optimize=None,
        image=variant.image,
        resources=variant.resources,
        probes=variant.probes,
        scaling=variant.scaling,
        variants=(),
        targets=tuple(name for name in _own_targets(deployment, variant.runtime.server) if name != OPTIMIZE),
        overrides=(),
    )


def below(deployment: Deployment) -> Deployment:
    """The deployment with the targets of the spec's own blocks: without the servers that only variants have."""
    return replace(deployment, targets=_own_targets(deployment, deployment.runtime.server))


def heaviest(deployment: Deployment) -> Variant:
    """The variant that gets the most requests, the first of several such."""
    return max(deployment.variants, key=lambda variant: (not variant.shadow, variant.weight or 0))


def _own_targets(deployment: Deployment, server: str) -> tuple[str, ...]:
    others = {variant.runtime.server for variant in deployment.variants} - {server}
    return tuple(target for target in deployment.targets if target not in others)
