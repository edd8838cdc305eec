"""The pod of a predictor, in each of KServe's two modes."""

from __future__ import annotations

from servespec.emit.quoted import Data, traced
from servespec.runtimes.kserve import CONTAINER
from servespec.targets.kserve.cluster import STANDARD, refused_fields
from servespec.targets.kube.container import container
from servespec.targets.kube.pod import pod_spec
from servespec.targets.kube.predictors import Predictor
from servespec.targets.kube.probes import probes
from servespec.targets.kube.security import container_security, pod_security

_REFUSED_OF_A_CONTAINER = ("lifecycle",)
_REFUSED_OF_A_POD = ("securityContext", "terminationGracePeriodSeconds")
"""Fields that Knative takes from nobody (knative/serving, pkg/apis/serving/fieldmask.go, v0.49), or that stand with the
container anyway."""


def pod(predictor: Predictor, *, mode: str) -> dict[str, Data]:
    """All of the pod, its one container called as KServe wants it."""
    whole = pod_spec(predictor.deployment, predictor.member, name=CONTAINER.value)
    if mode == STANDARD:
        return {**whole, "containers": [_container(predictor)]}
    refused = (*_REFUSED_OF_A_POD, *refused_fields(predictor.deployment.platform))
    return {
        **{name: value for name, value in whole.items() if name not in refused},
        "containers": [_knative_container(predictor)],
    }


def _container(predictor: Predictor) -> dict[str, Data]:
    """The container, which bears what is said of its pod's security too: a runtime, and whoever else uses it, has the
    container only, and Knative takes nothing of that kind for a pod."""
    deployment = predictor.deployment
    whole = container(deployment, predictor.member.image, name=CONTAINER.value)
    return {**whole, "securityContext": {**pod_security(deployment), **container_security(deployment)}}


def _knative_container(predictor: Predictor) -> dict[str, Data]:
    """The container with what Knative takes by default: one port, and no hook before the end."""
    deployment, image = predictor.deployment, predictor.member.image
    rest = traced(deployment.runtime.protocols["rest"], "runtime.protocols.rest")
    return {
        **{name: value for name, value in _container(predictor).items() if name not in _REFUSED_OF_A_CONTAINER},
        "ports": [{"containerPort": rest, "protocol": "TCP"}],
        **probes(deployment, image.container, port=rest),
    }
