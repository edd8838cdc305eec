"""The manifests of the kserve target."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Bundle
from servespec.deployment.types import Deployment
from servespec.emit import shell
from servespec.emit.quoted import Data, traced
from servespec.targets.contract import Context, Lowered
from servespec.targets.kserve.cluster import STANDARD, mode_of
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kserve.pod import pod
from servespec.targets.kserve.runtime import serving_runtime
from servespec.targets.kserve.service import inference_service
from servespec.targets.kube.beside import contract, manifests, own_account
from servespec.targets.kube.monitoring import monitor
from servespec.targets.kube.predictors import Predictor, predictors
from servespec.targets.kubernetes.disruption import budget
from servespec.targets.variants import retold


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The service, the runtimes that it needs, what is beside them, and how all is applied."""
    options = context.options
    assert isinstance(options, KServeOptions)
    namespace = traced(options.namespace, "targets.kserve.namespace") if options.namespace else None
    served = tuple(item for item in predictors(deployment, context, namespace=namespace) if not item.shadow)
    made = tuple(_objects(deployment, options, served, namespace))
    artifacts = manifests(made, kustomize=options.kustomize, why="targets.kserve.kustomize")
    flag = "--kustomize" if options.kustomize else "--filename"
    apply = shell.command(["kubectl", "apply", f"{flag}={context.output.of('kserve')}"])
    return Lowered(Bundle("kserve", (*artifacts, *contract(deployment, namespace=namespace)), (apply.text,)))


def _objects(
    deployment: Deployment, options: KServeOptions, served: tuple[Predictor, ...], namespace: Data
) -> Iterator[tuple[str, Data]]:
    yield "inference-service", inference_service(deployment, options, served)
    for predictor in served:
        suffix = f"-{predictor.name}" if predictor.variant else ""
        for name, data in _of_predictor(deployment, options, predictor):
            yield f"{name}{suffix}", retold(data, deployment, predictor.name)
    yield from own_account(deployment, namespace=namespace, image=served[0].member)


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
        yield "poddisruptionbudget", budget(predictor.deployment, predictor.member)
