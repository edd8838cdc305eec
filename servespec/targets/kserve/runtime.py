"""The ServingRuntime: the server that a model from a storage is brought to, in the version that servespec knows."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.go_template import literal
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kserve import PROTOCOLS, RUNTIME_API
from servespec.targets.kube.members import metadata
from servespec.targets.kube.predictors import Predictor

_OF_A_RUNTIME = ("containers", "volumes")
"""What of a pod the runtime says; the rest is the predictor's."""


def runtime_name(predictor: Predictor) -> str:
    """The name of the runtime, by which the predictor asks for it."""
    return f"{predictor.member.name}-{predictor.deployment.runtime.server}"


def serving_runtime(deployment: Deployment, predictor: Predictor, pod: dict[str, Data]) -> Data:
    """The runtime of a predictor. KServe's own have images that are years old, and are the cluster's to change."""
    protocol = PROTOCOLS.value.get(predictor.deployment.runtime.server)
    spoken: dict[str, Data] = {"protocolVersions": [traced(protocol, "runtime.server")]} if protocol else {}
    return {
        "apiVersion": RUNTIME_API.value,
        "kind": "ServingRuntime",
        "metadata": {**metadata(deployment, predictor.member), "name": traced(runtime_name(predictor), "name")},
        "spec": {
            # Only who names it gets it: a runtime that picks its models would take those of others too.
            "supportedModelFormats": [
                {"name": traced(predictor.deployment.model.format, "model.format"), "autoSelect": False}
            ],
            **spoken,
            # KServe makes a template of the container (v0.20.0, ReplacePlaceholders), and of nothing else.
            "containers": literal(pod["containers"]),
            "volumes": pod["volumes"],
        },
    }


def of_the_predictor(pod: dict[str, Data]) -> dict[str, Data]:
    """What is left of a pod for the predictor."""
    return {name: value for name, value in pod.items() if name not in _OF_A_RUNTIME}
