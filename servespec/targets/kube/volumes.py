"""The folders that a server writes to: they end with its pod."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.targets.container import Container
from servespec.targets.kube import fetching

_SHARED = "shared-memory"
_WHY_SHARED = "placement.sharedMemory"


def mounts(deployment: Deployment, runs: Container) -> list[Data]:
    """Where the folders are in the server's container."""
    found: list[Data] = [
        {"name": _scratch(number), "mountPath": traced(folder, runs.why)} for number, folder in enumerate(runs.writable)
    ]
    found += fetching.mounts(runs)
    if deployment.placement.shared_memory is not None:
        found.append({"name": _SHARED, "mountPath": traced("/dev/shm", _WHY_SHARED)})
    return found


def volumes(deployment: Deployment, runs: Container) -> list[Data]:
    """The folders. What is written counts against a limit, or one pod could fill the disk of its node."""
    limit, shared = deployment.resources.limits.memory, deployment.placement.shared_memory
    size: dict[str, Data] = {"sizeLimit": traced(limit.text, "resources.limits.memory")} if limit else {}
    found: list[Data] = [{"name": _scratch(number), "emptyDir": size} for number, _ in enumerate(runs.writable)]
    found += fetching.volumes(runs)
    if shared is not None:
        memory: Data = {"medium": "Memory", "sizeLimit": traced(shared.text, _WHY_SHARED)}
        found.append({"name": _SHARED, "emptyDir": memory})
    return found


def _scratch(number: int) -> str:
    return f"scratch-{number}"
