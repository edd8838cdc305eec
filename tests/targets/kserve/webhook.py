"""The rules of KServe's own webhook, made anew from what they say: what it would refuse of an InferenceService.

kserve/kserve v0.20.0, pkg/apis/serving/v1beta1: inference_service_validation.go, component.go; pkg/validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Object = dict[str, Any]

_MODE = "serving.kserve.io/deploymentMode"
_CLASS = "serving.kserve.io/autoscalerClass"


def refusals(document: Object) -> list[str]:
    """What the webhook says of it; nothing when it is let in."""
    return list(_said(document))


def running(document: Object) -> dict[str, int]:
    """How many copies of each predictor the controller makes of a service with canaries.

    components/predictor.go: what canaries have is taken off the stable one's, which keeps one at the least.
    """
    stable, canaries = document["spec"]["predictor"], [item["predictor"] for item in document["spec"].get("canary", ())]
    beside = {item["name"]: item["minReplicas"] for item in canaries}
    return {stable.get("name", ""): max(1, stable["minReplicas"] - sum(beside.values())), **beside}


def refused_changes(before: Object, after: Object) -> list[str]:
    """What the webhook says of a service that is to take the place of another."""
    old, new = (document["spec"]["predictor"] for document in (before, after))
    if old.get("name") == new.get("name") or _storage(old) != _storage(new):
        return []
    return ["predictor.name change requires a model change (e.g. storageUri)"]


def _storage(predictor: Object) -> str:
    uri: str = predictor.get("model", {}).get("storageUri", "")
    return uri


def _said(document: Object) -> Iterator[str]:
    notes = document["metadata"].get("annotations", {})
    predictor = document["spec"]["predictor"]
    if not re.fullmatch("[a-z]([-a-z0-9]*[a-z0-9])?", document["metadata"]["name"]):
        yield "InferenceService name is invalid"
    if notes.get(_CLASS, "none") not in ("hpa", "external", "keda", "none"):
        yield f"[{notes[_CLASS]}] is not a supported autoscaler class type"
    yield from _component(predictor)
    if predictor.get("model", {}).get("name"):
        yield "the 'name' field is not allowed in standard predictor"
    yield from _scaling(notes, predictor)
    yield from _canaries(document)


def _component(predictor: Object) -> Iterator[str]:
    containers = predictor.get("containers", [])
    names = [item["name"] for item in containers]
    custom = names.count("kserve-container") or (1 if containers and "model" not in predictor else 0)
    if ("model" in predictor) + custom != 1:
        yield "Exactly one of [Custom, Model, ...] must be specified in PredictorSpec"
    for container in (*containers, predictor.get("model", {})):
        if any(item["name"] == "PYTHONPATH" for item in container.get("env", ())):
            yield "setting PYTHONPATH is not allowed for security reasons"
    least, most = predictor.get("minReplicas", 1), predictor.get("maxReplicas", 0)
    if least < 0 or most < 0 or (least > most != 0):
        yield "replicas out of bounds"


def _scaling(notes: dict[str, str], predictor: Object) -> Iterator[str]:
    metric, target = predictor.get("scaleMetric"), predictor.get("scaleTarget")
    if notes.get(_MODE) != "Standard":
        if "deploymentStrategy" in predictor:
            yield "customizing deploymentStrategy is only supported for raw deployment mode"
        allowed = (
            ("cpu", "memory")
            if notes.get("autoscaling.knative.dev/class", "").startswith("hpa")
            else ("concurrency", "rps")
        )
        if (metric or allowed[0]) not in allowed:
            yield f"[{metric}] is not a supported metric"
        if allowed[0] == "cpu" and target is not None and not 1 <= target <= 100:
            yield "the target utilization percentage should be a [1-100] integer"
    elif notes.get(_CLASS) == "hpa":
        if (metric or "cpu") not in ("cpu", "memory"):
            yield f"[{metric}] is not a supported metric"
        if target is not None and not 1 <= target <= 100:
            yield "the target utilization percentage should be a [1-100] integer"
    elif notes.get(_CLASS) == "keda" and metric is not None:
        yield "ScaleMetric is not supported for KEDA"


def _canaries(document: Object) -> Iterator[str]:
    canaries, stable = document["spec"].get("canary", []), document["spec"]["predictor"]
    if not canaries:
        return
    if document["metadata"].get("annotations", {}).get(_MODE) != "Standard":
        yield "canary is only supported in Standard deployment mode"
    stored = any(
        item["name"] == "STORAGE_URI" for container in stable.get("containers", ()) for item in container.get("env", ())
    )
    if "model" not in stable and not stored:
        yield "canary requires a stable predictor with a model"
    names = [stable.get("name", "")]
    for canary in canaries:
        name = canary["predictor"].get("name", "")
        if not name or name in names:
            yield f"canary predictor.name {name!r} is missing, duplicated or that of the stable predictor"
        names.append(name)
        yield from _canary(canary["predictor"], name, stable)
    if sum(canary["trafficPercent"] for canary in canaries) > 100:
        yield "sum of canary trafficPercent values must be <= 100"


def _canary(predictor: Object, name: str, stable: Object) -> Iterator[str]:
    yield from _component(predictor)
    for field in ("maxReplicas", "scaleTarget", "scaleMetric", "autoScaling"):
        if predictor.get(field):
            yield f"canary {name!r} must not set {field}"
    if predictor.get("minReplicas", 0) > stable.get("minReplicas", 1):
        yield f"canary {name!r} minReplicas must not exceed stable predictor minReplicas"
