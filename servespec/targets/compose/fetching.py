"""What fetches a model before its server starts: a service that ends, and the volume that both share."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.fetching import FETCH
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME
from servespec.emit.quoted import Data, traced
from servespec.emit.yaml import compose_escape
from servespec.runtimes.fetching import FOLDER, RESOURCES
from servespec.targets.compose.secrets import from_shell
from servespec.targets.container import BuiltImage, Container
from servespec.targets.fetch.arguments import arguments, digest_flags, variables

_WHY = "model.uri"
_PIDS = 128


def volume_name(deployment: Deployment, workload: str) -> str:
    """The name of the volume of a workload's model: another user's is another one, for it belongs to whom it was made
    for, and nobody else may write to it."""
    name = "model" if workload == REALTIME else f"model-{workload}"
    return f"{name}-{deployment.security.run_as_user}-{deployment.security.run_as_group}"


def fetcher(deployment: Deployment, image: BuiltImage, *, build: Data, volume: str) -> dict[str, Data]:
    """The service that fetches: it ends when all is there, and what waits for it starts only then."""
    security, container = deployment.security, image.container
    service: dict[str, Data] = {
        "image": traced(str(image.reference), "image.repository", "release"),
        "build": build,
        "command": traced([compose_escape(word) for word in arguments(deployment)], _WHY, *_digest(deployment)),
        "user": traced(f"{security.run_as_user}:{security.run_as_group}", "security.runAsUser", "security.runAsGroup"),
        "read_only": True,
        "tmpfs": traced(list(_tmpfs(deployment, container)), container.why),
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "volumes": [traced(_mount(volume, FOLDER.value, read_only=False), _WHY)],
        "restart": "no",
        "deploy": {"resources": {"limits": {"memory": _memory(), "pids": _PIDS}}},
    }
    if environment := dict(_environment(deployment)):
        service["environment"] = environment
    return service


def waits(container: Container, *, service: str, volume: str) -> dict[str, Data]:
    """What a server says of it: it starts when its model is there, again when another one is fetched, and can't write
    to it. Compose would leave a server that is unchanged itself with the model that it has loaded."""
    assert container.model_folder is not None
    # https://docs.docker.com/reference/compose-file/services/#depends_on: `restart`, since Compose 2.17 (read 2026-11).
    ready: dict[str, Data] = {"condition": "service_completed_successfully", "restart": True}
    return {
        "volumes": [traced(_mount(volume, container.model_folder, read_only=True), _WHY)],
        "depends_on": {service: traced(ready, _WHY)},
    }


def service_of(name: str) -> str:
    """The name of the service that fetches for another."""
    return f"{name}-{FETCH}"


def _digest(deployment: Deployment) -> tuple[str, ...]:
    return ("model.digest",) if digest_flags(deployment.model) else ()


def _mount(volume: str, target: str, *, read_only: bool) -> Data:
    return {"type": "volume", "source": volume, "target": target, "read_only": read_only}


def _tmpfs(deployment: Deployment, container: Container) -> Iterator[Data]:
    user, group = deployment.security.run_as_user, deployment.security.run_as_group
    for folder in container.writable:
        yield f"{folder}:uid={user},gid={group},mode=0700,size={_memory()}"


def _memory() -> str:
    return f"{RESOURCES.value['limit'].removesuffix('Mi')}m"


def _environment(deployment: Deployment) -> Iterator[tuple[str, Data]]:
    for item in variables(deployment):
        if isinstance(item.value, str):
            yield item.name, traced(compose_escape(item.value), item.origin)
            continue
        yield item.name, traced(from_shell(item.value), item.origin)
