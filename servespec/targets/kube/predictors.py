"""What a platform puts behind the one address of a service: a model with its server, in an image of our own or not."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.deployment.addresses import storage_address
from servespec.deployment.types import Deployment, Variant
from servespec.deployment.variants import view
from servespec.deployment.workloads import REALTIME
from servespec.emit.quoted import Data
from servespec.records import dataclass
from servespec.targets.contract import Context
from servespec.targets.kube.members import Member, fetcher_of
from servespec.targets.kube.shipped import as_shipped, shipped_image

DEFAULT = "default"
"""The name of the only one."""
PREDICTOR = "predictor"
"""What its pods are, by their labels: a Service or a policy for those of `kubernetes` in the same namespace is not for
these, which the platform leads requests to."""


@dataclass(frozen=True)
class Predictor:
    """One of them."""

    name: str
    deployment: Deployment
    """What it runs, as a deployment of its own."""
    member: Member
    stored: str | None
    """Where the platform fetches its model from; None for an image that has it."""
    variant: Variant | None = None
    """The variant that it is, where the spec has any."""
    at: Origin = ""
    """Where the variant stands: `variants[1]`."""
    secret: Data = None
    """The name of the secret with which the platform fetches its model, if it takes one."""

    @property
    def has_runtime(self) -> bool:
        """Whether KServe is given its server apart from it: it fetches a model for no other, and shares requests out
        among no others (inference_service_validation.go: "canary requires a stable predictor with a model")."""
        return self.stored is not None or self.variant is not None

    @property
    def shadow(self) -> bool:
        """Whether nobody sees its answers."""
        return self.variant is not None and self.variant.shadow

    @property
    def replicas_why(self) -> tuple[Origin, ...]:
        """What says how many copies of it run."""
        return (f"{self.at}.replicas", "scaling.replicas") if self.variant else ("scaling.replicas",)


def predictors(deployment: Deployment, context: Context, *, namespace: Data) -> tuple[Predictor, ...]:
    """All of them, in the order of the spec."""
    return tuple(_predictors(deployment, context, namespace))


def _predictors(deployment: Deployment, context: Context, namespace: Data) -> Iterator[Predictor]:
    for index, variant in enumerate(deployment.variants):
        runs, name = view(deployment, variant), f"{deployment.name}-{variant.name}"
        stored, member = _placed(runs, context, variant.name, name=name, namespace=namespace)
        yield Predictor(variant.name, _as_run(runs, stored), member, stored, variant, f"variants[{index}]")
    if not deployment.variants:
        stored, member = _placed(deployment, context, None, name=deployment.name, namespace=namespace)
        yield Predictor(DEFAULT, _as_run(deployment, stored), member, stored)


def _placed(
    runs: Deployment, context: Context, variant: str | None, *, name: str, namespace: Data
) -> tuple[str | None, Member]:
    stored, workload = storage_address(runs.model), variant or REALTIME
    if stored is not None:
        return stored, Member(name, shipped_image(runs, workload), namespace, PREDICTOR, variant)
    fetcher = fetcher_of(context.images, workload)
    return None, Member(name, context.images[workload], namespace, PREDICTOR, variant, fetcher)


def _as_run(runs: Deployment, stored: str | None) -> Deployment:
    return runs if stored is None else as_shipped(runs)


def heaviest(served: tuple[Predictor, ...]) -> Predictor:
    """The one that gets the most requests, the first of several such."""
    return max(served, key=lambda item: (not item.shadow, item.variant.weight or 0 if item.variant else 0))
