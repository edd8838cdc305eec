"""What of a deployment becomes objects of its own: their name, and the labels by which they find each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.fetching import FETCH
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.deployment.workloads import REALTIME, STREAMING, of_workload, serves, service_name
from servespec.emit.quoted import Data, traced
from servespec.records import dataclass
from servespec.runtimes.kubernetes import AZURE_LABEL
from servespec.targets.container import BuiltImage

_PREFIX = "app.kubernetes.io"  # https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels


@dataclass(frozen=True)
class Member:
    """One set of pods that are all alike: what they run, and how their objects are called."""

    name: str
    image: BuiltImage
    namespace: Data = None
    """Where its objects go, with its origin; None for wherever they are applied."""
    component: str = REALTIME
    """The pattern that it serves, or what else tells its pods from those of others."""
    variant: str | None = None
    """The variant that it is, if the deployment has any."""
    fetcher: BuiltImage | None = None
    """What fetches its model before it starts; None where its image has it, or a platform brings it."""

    @property
    def workload(self) -> str:
        """What it runs, as others call it."""
        return self.variant or self.component


def members(
    deployment: Deployment, images: Mapping[str, BuiltImage], *, namespace: Data = None
) -> Iterator[tuple[Deployment, Member]]:
    """The server's pods, or those of each variant, and those of workers, each with the deployment as it is for them."""
    for variant in deployment.variants:
        name = f"{deployment.name}-{variant.name}"
        fetcher = fetcher_of(images, variant.name)
        yield view(deployment, variant), Member(name, images[variant.name], namespace, REALTIME, variant.name, fetcher)
    if serves(deployment) and not deployment.variants:
        yield deployment, Member(deployment.name, images[REALTIME], namespace, fetcher=fetcher_of(images, REALTIME))
    if STREAMING in deployment.patterns:
        name = service_name(deployment, STREAMING)
        yield of_workload(deployment, STREAMING), Member(name, images[STREAMING], namespace, component=STREAMING)


def fetcher_of(images: Mapping[str, BuiltImage], workload: str) -> BuiltImage | None:
    """The image that fetches the model of a workload's own, if it has to be fetched."""
    return images[FETCH] if images[workload].container.model_folder else None


def selector(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The labels by which a member's pods are found. A selector can't be changed later, so nothing that may change
    is in it: neither the release nor who pays."""
    return {
        f"{_PREFIX}/name": traced(deployment.name, "name"),
        f"{_PREFIX}/instance": traced(member.name, "name"),
        f"{_PREFIX}/component": traced(member.component, "pattern"),
    }


def of_component(deployment: Deployment, component: str) -> dict[str, Data]:
    """The labels by which all pods of a pattern are found."""
    return {
        f"{_PREFIX}/name": traced(deployment.name, "name"),
        f"{_PREFIX}/component": traced(component, "pattern"),
    }


def object_labels(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The labels of a member's objects."""
    return {
        **selector(deployment, member),
        f"{_PREFIX}/version": traced(deployment.release, "release"),
        f"{_PREFIX}/managed-by": "servespec",
    }


def pod_labels(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The labels of a member's pods: also whose they are and who pays, which bills are made of."""
    labels = object_labels(deployment, member)
    if deployment.owner:
        labels["owner"] = traced(deployment.owner, "owner")
    for name, value in deployment.labels.items():
        labels[name] = traced(value, f"labels.{name}")
    if any(name.startswith(AZURE_LABEL.value.partition("/")[0]) for name in deployment.identity.annotations):
        labels[AZURE_LABEL.value] = traced("true", "identity.annotations")
    return labels


def metadata(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The head of one of a member's objects, which are all called like it."""
    data: dict[str, Data] = {"name": traced(member.name, "name")}
    if member.namespace is not None:
        data["namespace"] = member.namespace
    data["labels"] = object_labels(deployment, member)
    if deployment.description:
        # https://kubernetes.io/docs/reference/labels-annotations-taints/#description
        data["annotations"] = {"kubernetes.io/description": traced(deployment.description, "description")}
    return data
