"""The manifests of the kserve target."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kserve import SERVICE_SUFFIX
from servespec.targets.contract import Context, Lowered
from servespec.targets.kserve.cluster import STANDARD, mode_of
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kserve.pod import pod
from servespec.targets.kserve.runtime import serving_runtime
from servespec.targets.kserve.service import inference_service
from servespec.targets.kserve.storage import as_secret, s3_notes
from servespec.targets.kube.beside import applied, own_account
from servespec.targets.kube.monitoring import monitor
from servespec.targets.kube.predictors import Predictor, predictors
from servespec.targets.kube.storage import own_secrets, shaped, storage_of, with_secrets
from servespec.targets.kubernetes.disruption import budget
from servespec.targets.variants import retold


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The service, the runtimes that it needs, what is beside them, and how all is applied."""
    options = context.options
    assert isinstance(options, KServeOptions)
    namespace = traced(options.namespace, "targets.kserve.namespace") if options.namespace else None
    plain = tuple(item for item in predictors(deployment, context, namespace=namespace) if not item.shadow)
    found = tuple(shaped(deployment, plain, as_secret))
    secrets = own_secrets(deployment, found, namespace=namespace)
    made = (*_objects(deployment, options, with_secrets(plain, found), namespace), *secrets)
    shapes = (item for _, item in found)
    return applied(deployment, context, "kserve", made, namespace=namespace, kustomize=options.kustomize, shaped=shapes)


def _objects(
    deployment: Deployment, options: KServeOptions, served: tuple[Predictor, ...], namespace: Data
) -> Iterator[tuple[str, Data]]:
    yield "inference-service", inference_service(deployment, options, served)
    for predictor in served:
        suffix = f"-{predictor.name}" if predictor.variant else ""
        for name, data in _of_predictor(deployment, options, predictor):
            yield f"{name}{suffix}", retold(data, deployment, predictor.name)
    notes = dict(_of_roles(deployment, served))
    yield from own_account(deployment, namespace=namespace, image=served[0].member, notes=notes)


def _of_roles(deployment: Deployment, served: tuple[Predictor, ...]) -> Iterator[tuple[str, Data]]:
    """What KServe is told of a storage by an account that stands for a role."""
    for predictor in served:
        connection = storage_of(deployment, predictor)
        if connection and connection.auth == "workload":
            yield from ((name, traced(text, "connections")) for name, text in s3_notes(connection).items())


def _of_predictor(deployment: Deployment, options: KServeOptions, predictor: Predictor) -> Iterator[tuple[str, Data]]:
    if predictor.has_runtime:
        yield (
            "serving-runtime",
            serving_runtime(deployment, predictor, pod(predictor, mode=mode_of(deployment, options))),
        )
    prometheus, standard = options.prometheus, mode_of(deployment, options) == STANDARD
    if prometheus and prometheus.namespace and standard and predictor.member.image.container.watched.metrics:
        yield "podmonitor", monitor(deployment, predictor.member, prometheus, target="kserve", served=False)
    if predictor.deployment.scaling.several:
        # Called as what KServe makes: one of target `kubernetes` in the same namespace has the plain name.
        name = traced(f"{predictor.member.name}{SERVICE_SUFFIX.value}", "name")
        yield "poddisruptionbudget", budget(predictor.deployment, predictor.member, name=name)
