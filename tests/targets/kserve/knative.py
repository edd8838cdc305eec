"""The rules of Knative Serving's webhook, made anew from what they say: what it would refuse of the pod of an
InferenceService, with its default features or with more of them.

knative/serving v0.49, pkg/apis/serving: fieldmask.go, k8s_validation.go; pkg/apis/config/features.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Object = dict[str, Any]

_POD = {
    "containers",
    "volumes",
    "serviceAccountName",
    "imagePullSecrets",
    "enableServiceLinks",
    "automountServiceAccountToken",
}
_FEATURES = {
    "kubernetes.podspec-affinity": "affinity",
    "kubernetes.podspec-nodeselector": "nodeSelector",
    "kubernetes.podspec-priorityclassname": "priorityClassName",
    "kubernetes.podspec-runtimeclassname": "runtimeClassName",
    "kubernetes.podspec-schedulername": "schedulerName",
    "kubernetes.podspec-tolerations": "tolerations",
    "kubernetes.podspec-topologyspreadconstraints": "topologySpreadConstraints",
}
"""Fields that are let in with a feature (features.go: all of these are disabled by default)."""
_CONTAINER = {
    "name",
    "args",
    "command",
    "env",
    "envFrom",
    "workingDir",
    "image",
    "imagePullPolicy",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "ports",
    "resources",
    "securityContext",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "volumeMounts",
}
_SECURITY = {
    "capabilities",
    "readOnlyRootFilesystem",
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "allowPrivilegeEscalation",
    "seccompProfile",
    "privileged",
}
_ENV = {"PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION"}
_PORTS = {8008, 8012, 8013, 8022, 9090, 9091}
_EXTENSIONS = {
    "model",
    "minReplicas",
    "maxReplicas",
    "scaleTarget",
    "scaleMetric",
    "timeout",
    "containerConcurrency",
    "canaryTrafficPercent",
    "labels",
    "annotations",
}
"""Fields of a predictor that are KServe's own, beside those of a pod."""


def refusals(predictor: Object, *, features: Iterable[str] = ()) -> list[str]:
    """What the webhook says of a predictor's pod; nothing when it is let in."""
    allowed = _POD | {_FEATURES[feature] for feature in features}
    return list(_pod({name: value for name, value in predictor.items() if name not in _EXTENSIONS}, allowed))


def _pod(spec: Object, allowed: set[str]) -> Iterator[str]:
    yield from (f"must not set the field(s): {name}" for name in spec.keys() - allowed)
    if spec.get("automountServiceAccountToken"):
        yield "must not set the field(s): automountServiceAccountToken"
    ports = [port for container in spec.get("containers", ()) for port in container.get("ports", ())]
    if len(ports) > 1:
        yield "more than one container port is set"
    for container in spec.get("containers", ()):
        yield from _container(container)
    mounted = {mount["name"] for container in spec.get("containers", ()) for mount in container.get("volumeMounts", ())}
    for volume in spec.get("volumes", ()):
        if volume["name"] not in mounted:
            yield f"volume with name {volume['name']} not mounted"
        if not volume.keys() <= {"name", "emptyDir", "secret", "configMap", "projected"}:
            yield f"volume {volume['name']} is of a kind that is disabled"


def _container(container: Object) -> Iterator[str]:
    yield from (f"must not set the field(s): {name}" for name in container.keys() - _CONTAINER)
    security = container.get("securityContext", {})
    yield from (f"must not set the field(s): securityContext.{name}" for name in security.keys() - _SECURITY)
    if security.get("privileged") or "add" in security.get("capabilities", {}):
        yield "must not set the field(s): securityContext.privileged, capabilities.add"
    for item in container.get("env", ()):
        if item["name"] in _ENV:
            yield f"{item['name']} is a reserved environment variable"
        if item.keys() & {"valueFrom"} and not item["valueFrom"].keys() <= {"secretKeyRef", "configMapKeyRef"}:
            yield f"{item['name']} is read from a place that is disabled"
    names = [port.get("name", "") for port in container.get("ports", ())]
    for port in container.get("ports", ())[:1]:
        if port.get("name", "") not in ("", "http1", "h2c"):
            yield f"Port name {port['name']} is not allowed"
        if port["containerPort"] in _PORTS:
            yield f"{port['containerPort']} is a reserved port"
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        yield from _probe(container.get(kind, {}), names)


def _probe(probe: Object, names: list[str]) -> Iterator[str]:
    handlers = probe.keys() & {"httpGet", "tcpSocket", "exec", "grpc"}
    if probe and len(handlers) != 1:
        yield "expected exactly one probe handler"
    for handler in ("httpGet", "tcpSocket"):
        port = probe.get(handler, {}).get("port", 0)
        if isinstance(port, str) and port not in names:
            yield "Probe port must match container port"
