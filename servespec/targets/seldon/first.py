"""The SeldonDeployment of Seldon Core 1."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.records import replace
from servespec.runtimes.seldon import NO_ENGINE, POD_VERSION, V1
from servespec.targets.kube.members import metadata, pod_labels
from servespec.targets.kube.pod import pod_spec
from servespec.targets.kube.predictors import Predictor
from servespec.targets.seldon.checking import node_name, spoken
from servespec.targets.seldon.graph import graph
from servespec.targets.seldon.messages import OPTIONS
from servespec.targets.seldon.options import SeldonOptions
from servespec.targets.seldon.scaling import budget, copies
from servespec.targets.variants import retold

_ORCHESTRATOR = ".".join((*map(str, OPTIONS), "orchestrator"))


def seldon_deployment(deployment: Deployment, options: SeldonOptions, predictors: tuple[Predictor, ...]) -> Data:
    """The one object: Seldon makes Deployments, Services and routes of it."""
    protocol = options.protocol or "".join(spoken(deployment)[:1]) or "v2"
    return {
        "apiVersion": V1,
        "kind": "SeldonDeployment",
        "metadata": metadata(deployment, replace(predictors[0].member, name=deployment.name)),
        "spec": {
            "protocol": traced(protocol, "targets.seldon.protocol", "runtime.server"),
            "predictors": [retold(_predictor(item, options), deployment, item.name) for item in predictors],
        },
    }


def _predictor(predictor: Predictor, options: SeldonOptions) -> Data:
    data: dict[str, Data] = {"name": predictor.name, **_share(predictor)}
    if not options.orchestrator:
        data["annotations"] = {NO_ENGINE.value: traced("true", _ORCHESTRATOR, "fact:seldon.NO_ENGINE")}
    return {**data, "graph": graph(predictor), "componentSpecs": [_component(predictor, options)]}


def _share(predictor: Predictor) -> dict[str, Data]:
    """What of the requests a variant gets."""
    variant = predictor.variant
    if variant is None:
        return {}
    if variant.shadow:
        return {"shadow": traced(True, f"{predictor.at}.shadow")}
    return {"traffic": traced(variant.weight, f"{predictor.at}.weight")}


def _component(predictor: Predictor, options: SeldonOptions) -> Data:
    deployment, member = predictor.deployment, predictor.member
    known = replace(deployment.platform, kubernetes=POD_VERSION.value)
    return {
        "metadata": {"labels": pod_labels(deployment, member)},
        **copies(predictor, options),
        **budget(deployment),
        "spec": pod_spec(replace(deployment, platform=known), member, name=node_name(deployment)),
    }
