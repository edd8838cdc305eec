"""When a pod counts as started, ready and alive, and how it is stopped without losing a request."""

from __future__ import annotations

from servespec.artifacts import Origin
from servespec.deployment.platform import Platform
from servespec.deployment.types import Deployment, Probe
from servespec.emit.quoted import Data, traced
from servespec.runtimes.kubernetes import BEFORE_START_SECONDS, DETACH_SECONDS, SLEEP_SINCE
from servespec.targets.container import Container
from servespec.targets.kube.ports import HTTP, METRICS


def probes(deployment: Deployment, container: Container, *, port: Data = None) -> dict[str, Data]:
    """The probes of a server's container; `port` is that of its REST API, by name or number. What has none is asked
    where it tells its metrics."""
    port = port or (HTTP if container.ports else METRICS)
    given, ready, live = deployment.probes, _ready(container, port), _live(container, port)
    return {
        "startupProbe": {
            **_started(container, port),
            **_often(given.startup, "probes.startup", "runtime.timeouts.startup"),
        },
        "readinessProbe": {**ready, **_often(given.readiness, "probes.readiness")},
        "livenessProbe": {**live, **_often(given.liveness, "probes.liveness")},
    }


def _started(container: Container, port: Data) -> dict[str, Data]:
    """The question whether it has begun, for a pod that has not in time is killed: a server has when its model answers,
    and what waits for something else has before that."""
    if container.watched.started is not None:
        return {"httpGet": _http(container, container.watched.started, port)}
    return _ready(container, port)


def _ready(container: Container, port: Data) -> dict[str, Data]:
    """The question whether the model answers: over HTTP, or else by the image's own program."""
    if container.watched.ready is not None:
        return {"httpGet": _http(container, container.watched.ready, port)}
    return {"exec": {"command": traced(list(container.health), container.why)}}


def _live(container: Container, port: Data) -> dict[str, Data]:
    """The question whether the process still works, which says nothing of the model: a pod that is only busy, or
    waits for something else, must not be killed for it."""
    if container.watched.live is not None:
        return {"httpGet": _http(container, container.watched.live, port)}
    return {"tcpSocket": {"port": port}}


def _http(container: Container, path: str, port: Data) -> Data:
    return {"path": traced(path, container.why), "port": port}


def _often(probe: Probe, *origins: Origin) -> dict[str, Data]:
    return {
        "periodSeconds": traced(probe.period_seconds, *origins),
        "timeoutSeconds": traced(probe.timeout_seconds, *origins),
        "failureThreshold": traced(probe.failure_threshold, *origins),
    }


def lifecycle(platform: Platform) -> dict[str, Data]:
    """What happens before the stop signal: nothing, until no new request comes any more. Older clusters need a program
    of the image for that."""
    seconds, why = DETACH_SECONDS.value, "fact:kubernetes.DETACH_SECONDS"
    if platform.since(SLEEP_SINCE.value):
        return {"preStop": {"sleep": {"seconds": traced(seconds, why, "platform")}}}
    return {"preStop": {"exec": {"command": ["sleep", traced(str(seconds), why)]}}}


def grace_seconds(deployment: Deployment, container: Container) -> Data:
    """Seconds until a pod that was told to stop is killed: they begin with what happens before the signal."""
    seconds = DETACH_SECONDS.value + deployment.runtime.timeouts.shutdown.seconds + container.stop_seconds
    return traced(seconds, "runtime.timeouts.shutdown", "fact:kubernetes.DETACH_SECONDS")


PROGRESS_WHY: tuple[Origin, ...] = (
    "runtime.timeouts.startup",
    "probes.startup",
    "fact:kubernetes.BEFORE_START_SECONDS",
)
"""Where `progress_seconds` come from."""


def progress_seconds(deployment: Deployment) -> int:
    """How long a rollout may make no progress: as long as a pod may take to be placed, fetched and started."""
    probe = deployment.probes.startup
    return BEFORE_START_SECONDS.value + probe.period_seconds * probe.failure_threshold
