"""The container of a model server in a pod."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.deployment.quantities import Quantity
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.emit.yaml import kubernetes_escape
from servespec.targets.container import BuiltImage, Container
from servespec.targets.kube.ports import ports
from servespec.targets.kube.probes import lifecycle, probes
from servespec.targets.kube.security import container_security
from servespec.targets.kube.volumes import mounts


def container(deployment: Deployment, image: BuiltImage, *, name: str) -> dict[str, Data]:
    """The container: an image of ours knows what to start and where."""
    runs = image.container
    data: dict[str, Data] = {
        "name": name,
        "image": traced(str(image.reference), *(("image.repository", "release") if runs.stages else (runs.why,))),
        **_started(runs),
        "ports": [{"name": port, "containerPort": number, "protocol": "TCP"} for port, number in ports(runs)],
    }
    if variables := [*watched_env(runs), *env(deployment)]:
        data["env"] = variables
    return {
        **data,
        "resources": resources(deployment),
        **probes(deployment, runs),
        **({"lifecycle": lifecycle(deployment.platform)} if runs.ports else {}),
        "securityContext": container_security(deployment),
        "volumeMounts": mounts(deployment, runs),
    }


def _started(runs: Container) -> dict[str, Data]:
    """What an image that others ship is told to start, where that is not what it does by itself."""
    if runs.stages or not runs.entrypoint:
        return {}
    program, *arguments = (kubernetes_escape(word) for word in runs.entrypoint)
    return {"command": traced([program], runs.why), "args": traced([*arguments], runs.why)}


def watched_env(runs: Container) -> Iterator[Data]:
    """The variables that a server on a cluster needs."""
    for name, (value, origin) in runs.watched.env.items():
        yield {"name": name, "value": traced(kubernetes_escape(value), origin)}


def env(deployment: Deployment) -> Iterator[Data]:
    """The variables that the spec gives."""
    for name, given in deployment.runtime.env.items():
        yield variable(name, given, f"runtime.env.{name}")


def variable(name: str, given: str | SecretKey, origin: Origin) -> Data:
    """A variable of a container: text, or the key of a secret."""
    if isinstance(given, str):
        return {"name": traced(name, origin), "value": traced(kubernetes_escape(given), origin)}
    reference: Data = {"secretKeyRef": {"name": given.secret, "key": given.key}}
    return {"name": traced(name, origin), "valueFrom": traced(reference, origin)}


def resources(deployment: Deployment) -> Data:
    """What is set aside for the container, and what it can't exceed. Where the spec asks for nothing, each thread
    that computes has a core, as far as it may use one, and memory is set aside as far as it may be used: else the pod
    is the first to be killed."""
    given = deployment.resources
    memory = given.requests.memory or given.limits.memory
    requests: dict[str, Data] = {"cpu": _cores(deployment)}
    limits: dict[str, Data] = {}
    if memory is not None:
        requests["memory"] = traced(memory.text, "resources.requests.memory")
    if given.limits.cpu is not None:
        limits["cpu"] = traced(given.limits.cpu.text, "resources.limits.cpu")
    if given.limits.memory is not None:
        limits["memory"] = traced(given.limits.memory.text, "resources.limits.memory")
    if given.accelerator is not None:
        limits[given.accelerator.resource] = traced(given.accelerator.count, "resources.accelerator")
    return {"requests": requests, "limits": limits}


def _cores(deployment: Deployment) -> Data:
    given, runtime = deployment.resources, deployment.runtime
    if given.requests.cpu is not None:
        return traced(given.requests.cpu.text, "resources.requests.cpu")
    cores = Quantity.parse(str(runtime.workers * runtime.threads))
    assert cores is not None
    if given.limits.cpu is not None and given.limits.cpu.thousandths < cores.thousandths:
        return traced(given.limits.cpu.text, "resources.limits.cpu")
    return traced(cores.text, "runtime.workers", "runtime.threads")
