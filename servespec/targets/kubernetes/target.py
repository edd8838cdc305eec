"""The kubernetes target: the service as the objects that every cluster knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scorer_name, scores_in_pods
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import (
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    Support,
    Target,
    approximated,
    dropped,
)
from servespec.targets.kube.support import ON_A_CLUSTER
from servespec.targets.kubernetes.options import KubernetesOptions


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.kubernetes.lower import lower

    return lower(deployment, context)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    from servespec.targets.kubernetes.messages import check  # start-up: most specs are for no cluster

    if isinstance(options, KubernetesOptions):
        yield from check(deployment, options)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    from servespec.targets.kube.claims import named, objects  # start-up: most specs are for no cluster

    assert isinstance(options, KubernetesOptions)
    yield from objects(deployment, "Deployment", namespace=options.namespace)
    if scores_in_pods(deployment):
        yield from named(deployment, "CronJob", {scorer_name(deployment): ("name",)}, namespace=options.namespace)


def _narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    return {**_exposed(deployment), **_scored(deployment)}


def _exposed(deployment: Deployment) -> Mapping[str, Support]:
    expose = deployment.network.expose
    if expose is None or (expose.gateway and not expose.grpc_host) or expose.ingress_class == "nginx":
        return {}
    return {"network.timeout": _NO_TIMEOUT_OF_GRPC if expose.gateway else _NO_TIMEOUT}


def _scored(deployment: Deployment) -> Mapping[str, Support]:
    if not scores_in_pods(deployment):
        return {}
    scheduled = "airflow" not in deployment.targets  # by the CronJob, that is; else it rests
    return {"batch": KEPT, "batch.dag": UNRELATED, **(_SCHEDULED if scheduled else {})}


_NO_TIMEOUT = dropped("an Ingress knows no timeout; that of ingress-nginx is told by annotations, with its class here")
_NO_TIMEOUT_OF_GRPC = approximated("a route of gRPC knows no timeout: it holds for REST")
_MISSED = dropped("a CronJob begins when it is applied, and makes up for nothing: a missed interval is a Job by hand")
_PAUSES = dropped("the pauses between the tries of a Job are Kubernetes' own: 10 s, twice as long each time, to 6 min")
_SCHEDULED: Mapping[str, Support] = {
    "batch.schedule.timezone": approximated(
        "no Job starts for a moment that the clocks skip: the interval that ends with it is a Job by hand"
    ),
    "batch.schedule.start": _MISSED,
    "batch.schedule.catchup": _MISSED,
    "batch.schedule.maxActiveRuns": approximated(
        "with 1, what falls due during a run is passed over, but for the last; more is no bound"
    ),
    "batch.retries.delay": _PAUSES,
    "batch.retries.backoff": _PAUSES,
    "batch.retries.maxDelay": _PAUSES,
}


KUBERNETES = Target(
    name="kubernetes",
    summary="manifests of the objects that every cluster knows, hardened, with their probes",
    options=KubernetesOptions,
    supports={
        **ON_A_CLUSTER,
        "optimize": UNRELATED,
        "streaming": KEPT,
    },
    lower=_lower,
    narrows=_narrows,
    check=_check,
    claims=_claims,
    requires=lambda deployment: ("docker",),
)
