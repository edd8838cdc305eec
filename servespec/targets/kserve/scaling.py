"""How many pods of a predictor there are, in the words of an InferenceService."""

from __future__ import annotations

from servespec.deployment.cluster import Autoscaling
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kserve import (
    AUTOSCALER,
    KNATIVE_CLASS,
    KNATIVE_HPA,
    KNATIVE_METRIC,
    KNATIVE_TARGET,
    SERVICE_SUFFIX,
)
from servespec.targets.kserve.cluster import KNATIVE, STANDARD, mode_of
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.load import pods_called, query
from servespec.targets.kube.predictors import Predictor
from servespec.targets.kube.scaling_messages import MEASURED

_WHY = "scaling.autoscaling"


def scaled_by(predictor: Predictor, options: KServeOptions) -> dict[str, Data]:
    """Who is to scale the pods: nobody, Kubernetes or KEDA; on Knative its own autoscaler, but for CPU and memory."""
    scaling = predictor.deployment.scaling.autoscaling
    measured = scaling is not None and scaling.metric in MEASURED
    if mode_of(predictor.deployment, options) == KNATIVE:
        return _on_knative(predictor.deployment, scaling) if scaling and measured else {}
    word = "none" if scaling is None else "hpa" if measured else "keda"
    return {AUTOSCALER.value: traced(word, f"{_WHY}.metric", "fact:kserve.AUTOSCALER")}


def _on_knative(deployment: Deployment, scaling: Autoscaling) -> dict[str, Data]:
    """CPU as KServe has it; for memory Knative wants MiB, of which KServe has no word."""
    by: dict[str, Data] = {KNATIVE_CLASS.value: traced(KNATIVE_HPA.value, f"{_WHY}.metric")}
    requested = deployment.resources.requests.memory
    if scaling.metric != "memory":
        return by
    assert requested is not None, "a check refuses a share of nothing"
    assert scaling.target is not None, "of memory it has a default"
    mebibytes = max(1, int(requested.units * scaling.target / 100 / 2**20))
    return {
        **by,
        KNATIVE_METRIC.value: traced("memory", f"{_WHY}.metric"),
        KNATIVE_TARGET.value: traced(str(mebibytes), f"{_WHY}.target", _WHY, "resources.requests.memory"),
    }


def copies(predictor: Predictor, options: KServeOptions, *, canaries: tuple[Predictor, ...] = ()) -> dict[str, Data]:
    """So many, or as many as the load asks for. KServe takes what its canaries have off the stable one's number."""
    scaling, taken = predictor.deployment.scaling, sum(item.deployment.scaling.replicas for item in canaries)
    why = tuple(origin for item in canaries for origin in (*item.replicas_why, "fact:kserve.CANARIES_TAKEN_OFF"))
    if scaling.autoscaling is None:
        fixed = traced(scaling.replicas + taken, *predictor.replicas_why, *why)
        return {"minReplicas": fixed, "maxReplicas": fixed} if predictor.variant is None else {"minReplicas": fixed}
    data: dict[str, Data] = {
        "minReplicas": traced(scaling.autoscaling.min + taken, f"{_WHY}.min", *why),
        "maxReplicas": traced(scaling.autoscaling.max, f"{_WHY}.max"),
    }
    if mode_of(predictor.deployment, options) == STANDARD and scaling.autoscaling.metric not in MEASURED:
        return {**data, "autoScaling": _by_requests(predictor, scaling.autoscaling, options)}
    if mode_of(predictor.deployment, options) == KNATIVE and scaling.autoscaling.metric == "memory":
        return data
    return {
        **data,
        "scaleMetric": traced(scaling.autoscaling.metric, f"{_WHY}.metric"),
        "scaleTarget": traced(scaling.autoscaling.target, f"{_WHY}.target", _WHY),
    }


def _by_requests(predictor: Predictor, scaling: Autoscaling, options: KServeOptions) -> Data:
    metrics = predictor.member.image.container.watched.metrics
    assert metrics is not None, "a check refuses a server that tells no metrics"
    assert options.prometheus is not None, "a check refuses a load that nobody measures"
    assert options.prometheus.address is not None, "and one that is measured nobody knows where"
    # Of canaries it scales none, and the stable predictor has no name but the service's.
    pods = f"{predictor.deployment.name}{SERVICE_SUFFIX.value}"
    metric: Data = {
        "backend": "prometheus",
        "serverAddress": traced(options.prometheus.address, "targets.kserve.prometheus.address"),
        "query": query(pods_called(pods), scaling, metrics, namespace=predictor.member.namespace),
    }
    target: Data = {"type": "Value", "value": traced(str(scaling.target), f"{_WHY}.target")}
    return {"metrics": [{"type": "External", "external": {"metric": metric, "target": target}}]}
