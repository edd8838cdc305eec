"""The InferenceService."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.records import replace
from servespec.runtimes.kserve import CONTAINER, KNATIVE_DEADLINE, MODE, SERVICE_API, STORAGE_SECRET
from servespec.runtimes.kubernetes import PROGRESS_SECONDS
from servespec.targets.kserve.cluster import KNATIVE, mode_of
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kserve.pod import pod
from servespec.targets.kserve.runtime import of_the_predictor, runtime_name
from servespec.targets.kserve.scaling import copies, scaled_by
from servespec.targets.kserve.storage import address
from servespec.targets.kube.members import metadata, pod_labels
from servespec.targets.kube.predictors import Predictor, heaviest
from servespec.targets.kube.probes import PROGRESS_WHY, progress_seconds
from servespec.targets.variants import retold

_OF_A_CANARY = (
    "minReplicas",
    "labels",
    "timeout",
    "model",
    "initContainers",
    "terminationGracePeriodSeconds",
    "topologySpreadConstraints",
)
"""What of a predictor may differ from the stable one's."""


def inference_service(deployment: Deployment, options: KServeOptions, served: tuple[Predictor, ...]) -> Data:
    """The service: KServe makes workloads, Services and routes of it. The variant that gets the most requests is the
    stable one, the others are its canaries.

    The stable one has no name, whichever it is: KServe lets nobody change that without another model in a storage
    (v0.20.0, inference_service_validation.go), so that variants could neither come, change places, nor go.
    """
    stable = heaviest(served)
    canaries = tuple(item for item in served if item is not stable)
    told = _told(deployment, stable, _predictor(stable, options, canaries=canaries))
    spec: dict[str, Data] = {"predictor": told}
    if canaries:
        spec["canary"] = [_canary(deployment, item, options) for item in canaries]
    head = metadata(deployment, replace(stable.member, name=deployment.name))
    notes = head.get("annotations", {})
    assert isinstance(notes, dict)
    mode: dict[str, Data] = {MODE.value: traced(mode_of(deployment, options), "targets.kserve.mode", "platform")}
    return {
        "apiVersion": SERVICE_API.value,
        "kind": "InferenceService",
        "metadata": {
            **head,
            "annotations": {
                **notes,
                **mode,
                **scaled_by(stable, options),
                **_deadline(stable, options),
                **_secret(served),
            },
        },
        "spec": spec,
    }


def _deadline(predictor: Predictor, options: KServeOptions) -> dict[str, Data]:
    """How long Knative waits for a revision to start, where that is longer than usual: else it has failed for good."""
    seconds = progress_seconds(predictor.deployment)
    if mode_of(predictor.deployment, options) != KNATIVE or seconds <= PROGRESS_SECONDS.value:
        return {}
    return {KNATIVE_DEADLINE.value: traced(f"{seconds}s", *PROGRESS_WHY)}


def _secret(served: tuple[Predictor, ...]) -> dict[str, Data]:
    """The secret with which models are fetched: a check has seen to it that there is one at most."""
    names = [item.secret for item in served if item.secret is not None]
    return {STORAGE_SECRET.value: names[0]} if names else {}


def _canary(deployment: Deployment, predictor: Predictor, options: KServeOptions) -> Data:
    variant, data = predictor.variant, _predictor(predictor, options)
    assert variant is not None
    # KServe lays it over the stable one: what is said there of the pod holds here too.
    name: dict[str, Data] = {"name": traced(predictor.name, f"{predictor.at}.name")}
    kept = {**name, **{field: data[field] for field in _OF_A_CANARY if field in data}}
    model = kept["model"]
    assert isinstance(model, dict)
    # It scales no canary, and takes no word of it.
    kept["minReplicas"] = traced(predictor.deployment.scaling.replicas, *predictor.replicas_why)
    # The resource definition of 0.20 wants a name here, and of the stable predictor its webhook takes none.
    kept["model"] = {"name": CONTAINER.value, **model}
    share = traced(variant.weight, f"{predictor.at}.weight")
    return {"trafficPercent": share, "predictor": _told(deployment, predictor, kept)}


def _told(deployment: Deployment, predictor: Predictor, data: dict[str, Data]) -> Data:
    return retold(data, deployment, predictor.name)


def _predictor(
    predictor: Predictor, options: KServeOptions, *, canaries: tuple[Predictor, ...] = ()
) -> dict[str, Data]:
    deployment, runs = predictor.deployment, pod(predictor, mode=mode_of(predictor.deployment, options))
    data: dict[str, Data] = {
        **copies(predictor, options, canaries=canaries),
        "labels": pod_labels(deployment, predictor.member),
        "timeout": traced(deployment.runtime.timeouts.request.seconds, "runtime.timeouts.request"),
    }
    if not predictor.has_runtime:
        return {**data, **runs}
    model: dict[str, Data] = {
        "modelFormat": {"name": traced(deployment.model.format, "model.format")},
        "runtime": traced(runtime_name(predictor), "runtime.server"),
    }
    if predictor.stored is not None:
        model["storageUri"] = traced(address(predictor), "model.uri")
    return {**data, "model": model, **of_the_predictor(runs)}
