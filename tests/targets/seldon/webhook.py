"""The rules of Seldon Core's own webhook, made anew from what they say: what it would refuse of a SeldonDeployment.

SeldonIO/seldon-core v1.17.1, operator/apis/machinelearning.seldon.io/v1: seldondeployment_webhook.go, prepack.go,
defaults.go; the images of prepackaged servers: helm-charts/seldon-core-operator/values.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

_IMAGES = {
    "MLFLOW_SERVER": ("seldon", "v2"),
    "SKLEARN_SERVER": ("seldon", "v2"),
    "TENSORFLOW_SERVER": ("seldon", "tensorflow"),
    "XGBOOST_SERVER": ("seldon", "v2"),
    "TRITON_SERVER": ("v2",),
    "HUGGINGFACE_SERVER": ("v2",),
    "TEMPO_SERVER": ("v2",),
}
_BUILT_IN = ("SIMPLE_MODEL", "SIMPLE_ROUTER", "RANDOM_ABTEST", "AVERAGE_COMBINER")
_NO_TENSORFLOW = ("SKLEARN_SERVER", "XGBOOST_SERVER", "MLFLOW_SERVER", "HUGGINGFACE_SERVER")


def refusals(document: Object) -> list[str]:
    """What the webhook says of it; nothing when it is let in."""
    return list(_said(document["spec"]))


def empty_images(document: Object) -> list[str]:
    """The nodes for which the webhook would fill in an image that is no text at all, and say nothing."""
    spec = document["spec"]
    protocol = spec.get("protocol") or "seldon"
    return [
        node["name"]
        for predictor in spec["predictors"]
        for node in _nodes(predictor["graph"])
        if _is_prepackaged(node)
        and not _container(predictor, node["name"]).get("image")
        and protocol not in _IMAGES.get(node["implementation"], ())
    ]


def _said(spec: Object) -> Iterator[str]:
    yield from _words(spec)
    predictors = spec.get("predictors", [])
    if not predictors:
        yield "Graph contains no predictors"
    if len(predictors) == 1 and predictors[0].get("shadow"):
        yield "Shadow can not exist as only predictor"
    names = [predictor["name"] for predictor in predictors]
    yield from ("Duplicate predictor name" for index, name in enumerate(names) if name in names[:index])
    for predictor in predictors:
        yield from _predictor(predictor, protocol=spec.get("protocol", ""))
    yield from _traffic(predictors)


def _words(spec: Object) -> Iterator[str]:
    known = {
        "protocol": ("seldon", "tensorflow", "kfserving", "v2"),
        "transport": ("rest", "grpc"),
        "serverType": ("rpc", "kafka"),
    }
    yield from (f"Invalid {key}" for key, words in known.items() if spec.get(key, "") not in ("", *words))


def _predictor(predictor: Object, *, protocol: str) -> Iterator[str]:
    nodes = list(_nodes(predictor["graph"]))
    if "seldon.io/no-engine" in predictor.get("annotations", {}) and len(nodes) > 1:
        yield "Running without engine only valid for single element graphs"
    for node in nodes:
        yield from _node(node, predictor, protocol=protocol)


def _node(node: Object, predictor: Object, *, protocol: str) -> Iterator[str]:
    implementation = node.get("implementation", "UNKNOWN_IMPLEMENTATION")
    if implementation == "UNKNOWN_IMPLEMENTATION":
        if not _container(predictor, node["name"]):
            yield f"{node['name']}: Can't find container for Predictive Unit"
        if node.get("type") == "UNKNOWN_TYPE" and not node.get("methods"):
            yield "Predictive Unit has no implementation methods defined"
    elif _is_prepackaged(node):
        if not node.get("modelUri") and implementation != "HUGGINGFACE_SERVER":
            yield "Predictive unit modelUri required when using standalone servers"
        if protocol == "tensorflow" and implementation in _NO_TENSORFLOW:
            yield f"Prepackaged server does not handle tensorflow protocol {implementation}"
        if not _container(predictor, node["name"]).get("image") and implementation not in _IMAGES:
            yield f"No entry in predictors map for {implementation}"
    if "logger" in node and not node["logger"].get("mode"):
        yield "No logger mode specified"


def _traffic(predictors: list[Object]) -> Iterator[str]:
    shadows = [item for item in predictors if item.get("shadow")]
    shared = sum(item.get("traffic", 0) for item in predictors if not item.get("shadow"))
    if len(shadows) > 1:
        yield "Multiple shadows are not allowed"
    if any(not 0 <= item.get("traffic", 0) <= 100 for item in shadows):
        yield "shadow traffic is illegal"
    if len(predictors) - len(shadows) > 1 and shared != 100:
        yield "Traffic must sum to 100 for multiple predictors"
    if len(predictors) == 1 and 0 < shared < 100:
        yield "Traffic must sum be 100 for a single predictor when set"


def _nodes(node: Object) -> Iterator[Object]:
    yield node
    for child in node.get("children", ()):
        yield from _nodes(child)


def _is_prepackaged(node: Object) -> bool:
    return node.get("implementation", "UNKNOWN_IMPLEMENTATION") not in ("", "UNKNOWN_IMPLEMENTATION", *_BUILT_IN)


def _container(predictor: Object, name: str) -> Object:
    """The container of that name, wherever it is among the component specs; an empty one when there is none."""
    found = (
        container
        for component in predictor.get("componentSpecs", ())
        for container in component["spec"]["containers"]
        if container["name"] == name
    )
    return next(found, {})
