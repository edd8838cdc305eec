"""The objects of a service, by the names of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from servespec.artifacts import Origin
from servespec.deployment.addresses import scheme
from servespec.deployment.cluster import LAG
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.registry import registry_address
from servespec.deployment.scorer import leading_to
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING, scores_in_pods
from servespec.emit.quoted import Data, traced
from servespec.records import replace
from servespec.targets.container import BuiltImage
from servespec.targets.kube.account import account
from servespec.targets.kube.members import Member, members
from servespec.targets.kube.monitoring import monitor
from servespec.targets.kube.network import policy
from servespec.targets.kube.scaling_messages import MEASURED
from servespec.targets.kube.scorer import scorer
from servespec.targets.kubernetes import streaming
from servespec.targets.kubernetes.autoscaling import by_requests, by_resource
from servespec.targets.kubernetes.cronjob import cronjob
from servespec.targets.kubernetes.disruption import budget
from servespec.targets.kubernetes.exposure import grpc_route, ingress, route
from servespec.targets.kubernetes.options import KubernetesOptions
from servespec.targets.kubernetes.service import service
from servespec.targets.kubernetes.workload import workload
from servespec.targets.variants import retold

Named = Iterator[tuple[str, dict[str, Data]]]


def objects(deployment: Deployment, images: Mapping[str, BuiltImage], options: KubernetesOptions) -> Named:
    """Those of each pattern, and the account that the pods of all of them run as."""
    namespace = traced(options.namespace, "targets.kubernetes.namespace") if options.namespace else None
    if found := tuple(members(deployment, images, namespace=namespace)):
        yield from _of_services(deployment, found, options)
    if scores_in_pods(deployment):
        member = scorer(deployment, images[BATCH], namespace=namespace)
        yield from _of_batch(deployment, member, suffix=f"-{BATCH}" if found else "")
    if deployment.identity.made:
        image = next(iter(images.values()))
        yield (
            "serviceaccount",
            account(deployment, Member(deployment.name, image, namespace, component=deployment.patterns[0])),
        )


def _of_services(
    deployment: Deployment, found: Sequence[tuple[Deployment, Member]], options: KubernetesOptions
) -> Named:
    """What every member has of its own, then what they have in common."""
    for own, member in found:
        suffix = "" if member.workload == REALTIME or len(found) == 1 else f"-{member.workload}"
        for name, data in _of_member(own, member, options):
            yield f"{name}{suffix}", retold(data, deployment, member.workload)
    yield from _of_all(deployment, [member for _, member in found])


def _of_member(deployment: Deployment, member: Member, options: KubernetesOptions) -> Named:
    yield "deployment", workload(deployment, member)
    if member.image.container.ports:
        yield "service", service(deployment, member)
    if member.component == STREAMING:
        yield from _of_stream(deployment, member)
    if scaled := _autoscaler(deployment, member, options):
        yield scaled
    if deployment.scaling.several:
        yield "poddisruptionbudget", budget(deployment, member)
    yield "networkpolicy", policy(deployment, member, collector=_collector(options))
    if options.prometheus and options.prometheus.namespace and member.image.container.watched.metrics:
        served = bool(member.image.container.ports)
        made = monitor(deployment, member, options.prometheus, target="kubernetes", served=served)
        yield "servicemonitor" if served else "podmonitor", made


def _of_stream(deployment: Deployment, member: Member) -> Named:
    topics = streaming.topics_of(member)
    yield "job", streaming.topics_job(deployment, topics)
    yield "networkpolicy-topics", policy(deployment, topics)
    if deployment.scaling.autoscaling and (shown := streaming.authentication(deployment, member)):
        yield "triggerauthentication", shown


def _autoscaler(
    deployment: Deployment, member: Member, options: KubernetesOptions
) -> tuple[str, dict[str, Data]] | None:
    scaling = deployment.scaling.autoscaling
    if scaling is None:
        return None
    if scaling.metric in MEASURED:
        return "horizontalpodautoscaler", by_resource(deployment, member, scaling)
    if scaling.metric == LAG:
        return "scaledobject", streaming.by_lag(deployment, member, scaling)
    address = options.prometheus.address if options.prometheus else None
    assert address is not None, "a check refuses a metric that nobody tells"
    return "scaledobject", by_requests(deployment, member, scaling, address=address)


def _collector(options: KubernetesOptions) -> Data:
    given = options.prometheus.namespace if options.prometheus else None
    return traced(given, "targets.kubernetes.prometheus.namespace") if given else None


def _of_all(deployment: Deployment, found: Sequence[Member]) -> Named:
    head = replace(found[0], name=deployment.name, variant=None)
    served = [member for member in found if member.component == REALTIME]
    if served and (expose := deployment.network.expose):
        if expose.gateway:
            yield "httproute", route(deployment, head, expose, expose.gateway, served)
            if expose.grpc_host:
                yield "grpcroute", grpc_route(deployment, head, expose.grpc_host, expose.gateway, served)
        else:
            yield "ingress", ingress(deployment, head, expose, backend=_main(deployment, served))


def _of_batch(deployment: Deployment, member: Member, *, suffix: str) -> Named:
    yield "cronjob", cronjob(deployment, member)
    yield f"networkpolicy{suffix}", policy(deployment, member, stored=tuple(_stored(deployment)))


def _stored(deployment: Deployment) -> Iterator[Origin]:
    """What a scorer reads and writes that lies in a store to which no connection leads."""
    batch = deployment.batch
    assert batch is not None
    bad = batch.gates.bad_rows.output
    if _is_unled(deployment, batch.input.uri, batch.input.connection):
        yield "batch.input.uri"
    if any(_is_unled(deployment, uri, batch.output.connection) for uri in (batch.output.uri, bad) if uri):
        yield "batch.output.uri"
    if registry_address(deployment.model.uri) and deployment.model.credentials.registry is None:
        yield "model.uri"


def _is_unled(deployment: Deployment, uri: PathTemplate, name: str | None) -> bool:
    return scheme(str(uri)) is not None and leading_to(deployment, uri, name) is None


def _main(deployment: Deployment, found: Sequence[Member]) -> Member:
    """The member that requests go to, where nothing can share them out: a check wants a Gateway for several."""
    sharing = (index for index, variant in enumerate(deployment.variants) if not variant.shadow)
    return found[next(sharing, 0)]
