"""The manifests of the seldon target."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.seldon import V2
from servespec.targets.contract import Context, Lowered
from servespec.targets.kube.beside import applied, own_account
from servespec.targets.kube.monitoring import monitor
from servespec.targets.kube.predictors import Predictor, predictors
from servespec.targets.kube.storage import own_secrets, shaped, with_secrets
from servespec.targets.seldon.first import seldon_deployment
from servespec.targets.seldon.generation import api_version
from servespec.targets.seldon.monitoring import endpoint
from servespec.targets.seldon.options import SeldonOptions
from servespec.targets.seldon.second import experiment, model, model_names, server
from servespec.targets.seldon.storage import as_configuration, as_variables
from servespec.targets.variants import retold

_Named = Iterator[tuple[str, Data]]


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The objects of the version that the options name, and how they are applied."""
    options = context.options
    assert isinstance(options, SeldonOptions)
    namespace = traced(options.namespace, "targets.seldon.namespace") if options.namespace else None
    objects, shape = (_second, as_configuration) if api_version(deployment, options) == V2 else (_first, as_variables)
    plain = predictors(deployment, context, namespace=namespace)
    found = tuple(shaped(deployment, plain, shape))
    secrets = own_secrets(deployment, found, namespace=namespace)
    made = (*objects(deployment, options, with_secrets(plain, found), namespace), *secrets)
    shapes = (item for _, item in found)
    return applied(deployment, context, "seldon", made, namespace=namespace, kustomize=options.kustomize, shaped=shapes)


def _first(deployment: Deployment, options: SeldonOptions, served: tuple[Predictor, ...], namespace: Data) -> _Named:
    yield "seldon-deployment", seldon_deployment(deployment, options, served)
    for predictor in served if options.prometheus and options.prometheus.namespace else ():
        if predictor.member.image.container.watched.metrics:
            suffix = f"-{predictor.name}" if predictor.variant else ""
            yield f"podmonitor{suffix}", _monitor(deployment, options, predictor)
    yield from own_account(deployment, namespace=namespace, image=served[0].member)


def _monitor(deployment: Deployment, options: SeldonOptions, predictor: Predictor) -> Data:
    assert options.prometheus is not None
    found = endpoint(predictor)
    made = monitor(deployment, predictor.member, options.prometheus, target="seldon", served=False, endpoint=found)
    return retold(made, deployment, predictor.name)


def _second(deployment: Deployment, options: SeldonOptions, served: tuple[Predictor, ...], namespace: Data) -> _Named:
    names = model_names(served)
    for predictor in served:
        part = f"-{predictor.name}" if predictor.variant else ""
        yield f"model{part}", model(deployment, options, predictor, name=names[predictor.name])
        if options.server is None:
            yield f"server{part}", server(deployment, predictor)
    if deployment.variants:
        yield "experiment", experiment(deployment, served)
