"""The Models of Seldon Core 2, the Servers that they run on, and the Experiment that shares out requests among them."""

from __future__ import annotations

from servespec.deployment.mirrors import place_of
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.records import replace
from servespec.runtimes.seldon import V2, V2_IMAGES
from servespec.targets.kube.container import env, resources
from servespec.targets.kube.members import metadata
from servespec.targets.kube.predictors import Predictor, heaviest
from servespec.targets.seldon.options import SeldonOptions
from servespec.targets.variants import retold

_WHOLE = 100


def model(deployment: Deployment, options: SeldonOptions, predictor: Predictor, *, name: str) -> Data:
    """A model, which clients call by the name of this object."""
    runs = predictor.deployment
    spec: dict[str, Data] = {
        "storageUri": traced(predictor.stored, "model.uri"),
        **({"secretName": predictor.secret} if predictor.secret is not None else {}),
        "requirements": [traced(runs.model.format, "model.format")],
        "server": traced(options.server, "targets.seldon.server") if options.server else predictor.member.name,
        **_replicas(predictor),
    }
    return {
        "apiVersion": V2,
        "kind": "Model",
        "metadata": {**metadata(deployment, predictor.member), "name": traced(name, "model.name")},
        "spec": retold(spec, deployment, predictor.name),
    }


def server(deployment: Deployment, predictor: Predictor) -> Data:
    """A server, in a newer version than Seldon's own, with the model's resources and variables."""
    runs = predictor.deployment
    kind = runs.runtime.server
    container: dict[str, Data] = {
        "name": kind,
        "image": traced(place_of(V2_IMAGES.value[kind], deployment), "fact:seldon.V2_IMAGES"),
        "resources": resources(runs),
    }
    if variables := list(env(runs)):
        container["env"] = variables
    spec: dict[str, Data] = {
        "serverConfig": traced(kind, "runtime.server"),
        **_replicas(predictor),
        "podSpec": {"containers": [container]},
    }
    return {
        "apiVersion": V2,
        "kind": "Server",
        "metadata": metadata(deployment, predictor.member),
        "spec": retold(spec, deployment, predictor.name),
    }


def _replicas(predictor: Predictor) -> dict[str, Data]:
    return {"replicas": traced(predictor.deployment.scaling.replicas, *predictor.replicas_why)}


def experiment(deployment: Deployment, served: tuple[Predictor, ...]) -> Data:
    """How requests for the model are shared out: each candidate gets its weight, the mirror a copy of every one."""
    names = model_names(served)
    spec: dict[str, Data] = {
        "default": traced(names[heaviest(served).name], "model.name"),
        "candidates": [
            {"name": names[item.name], "weight": traced(item.variant.weight, f"{item.at}.weight")}
            for item in served
            if item.variant and not item.shadow
        ],
    }
    for item in served:
        if item.shadow:
            spec["mirror"] = {"name": names[item.name], "percent": traced(_WHOLE, f"{item.at}.shadow")}
    head = replace(served[0].member, name=deployment.name)
    return {"apiVersion": V2, "kind": "Experiment", "metadata": metadata(deployment, head), "spec": spec}


def model_names(served: tuple[Predictor, ...]) -> dict[str, str]:
    """The name of each one's Model. That by which clients know the model is the one that most of them get."""
    first = heaviest(served)
    plain = first.deployment.model.name
    return {item.name: plain if item is first else f"{plain}-{item.name}" for item in served}
