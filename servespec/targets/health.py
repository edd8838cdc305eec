"""The health check as an engine is told of it: how often, how long, how many failures."""

from __future__ import annotations

from servespec.artifacts import Origin
from servespec.deployment.types import Deployment

_STARTUP: tuple[Origin, ...] = ("probes.startup", "runtime.timeouts.startup")


def start_period(deployment: Deployment) -> tuple[int, tuple[Origin, ...]]:
    """Seconds that the server has for loading before a failed question counts, and why."""
    startup = deployment.probes.startup
    return startup.period_seconds * startup.failure_threshold, _STARTUP


def probe_flags(deployment: Deployment) -> list[tuple[str, str, tuple[Origin, ...]]]:
    """The flags of a Dockerfile's HEALTHCHECK: name, value and why."""
    ready, (start, why) = deployment.probes.readiness, start_period(deployment)
    return [
        ("--interval", f"{ready.period_seconds}s", ("probes.readiness.periodSeconds",)),
        ("--timeout", f"{ready.timeout_seconds}s", ("probes.readiness.timeoutSeconds",)),
        ("--start-period", f"{start}s", why),
        ("--retries", str(ready.failure_threshold), ("probes.readiness.failureThreshold",)),
    ]
