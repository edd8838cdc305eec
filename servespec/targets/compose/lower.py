"""The compose file as data."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.fetching import FETCH
from servespec.deployment.names import in_environment, secret_variable
from servespec.deployment.quantities import Quantity
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Amounts, Deployment
from servespec.deployment.variants import view
from servespec.deployment.workers import beside_broker
from servespec.deployment.workloads import REALTIME, STREAMING, dockerfile_name, serves, service_name
from servespec.emit import shell
from servespec.emit.quoted import Data, traced
from servespec.emit.yaml import compose_escape
from servespec.targets.calling import call
from servespec.targets.compose import fetching, proxy, stream
from servespec.targets.compose.secrets import from_shell
from servespec.targets.container import Container
from servespec.targets.contract import Context, Lowered
from servespec.targets.health import start_period
from servespec.targets.variants import retold

_MIB = 2**20
_PIDS = 512  # a JVM and its workers use about a hundred; a fork bomb stops here


def lower(deployment: Deployment, context: Context) -> Lowered:
    """One compose file: the service, or one for each variant and what stands before them; and the names of the secrets
    that builds need."""
    before = proxy.files_of(deployment)
    data: dict[str, Data] = {
        "name": traced(in_environment(deployment.name, deployment.environment), "name"),
        "services": dict(_services(deployment, context, before)),
    }
    if volumes := _volumes(deployment, context):
        data["volumes"] = volumes
    if secrets := _build_secrets(deployment):
        data["secrets"] = secrets
    artifact = Artifact("compose.yaml", Structured(data), Language.YAML)
    path = posixpath.join(context.output.of("compose"), "compose.yaml")
    up = shell.command(["docker", "compose", f"--file={path}", "up", "--build", "--wait"])
    ask = call(deployment, context) if serves(deployment) else ()
    return Lowered(Bundle("compose", (artifact, *before), (up.text,), asks=ask))


def _services(
    deployment: Deployment, context: Context, before: Sequence[Artifact]
) -> Iterator[tuple[str, dict[str, Data]]]:
    if serves(deployment):
        yield from _servers(deployment, context, before)
    if STREAMING in deployment.patterns:
        worker = retold(_service(beside_broker(deployment), context, STREAMING), deployment, STREAMING)
        yield from stream.services(deployment, worker, context.images[STREAMING].container)


def _servers(
    deployment: Deployment, context: Context, before: Sequence[Artifact]
) -> Iterator[tuple[str, dict[str, Data]]]:
    """The server, or that of each variant and what stands before them."""
    if not deployment.variants:
        yield from _with_fetcher(deployment, context, REALTIME, _service(deployment, context, REALTIME))
        return
    yield deployment.name, {**proxy.service(deployment, before), **_labelled(deployment)}
    for index, variant in enumerate(deployment.variants):
        own = view(deployment, variant)
        scale = traced(variant.scaling.replicas, f"variants[{index}].replicas", "scaling.replicas")
        made = {**_service(own, context, variant.name), "scale": scale}
        for name, data in _with_fetcher(own, context, variant.name, made):
            yield name, retold(data, deployment, variant.name)


def _with_fetcher(
    deployment: Deployment, context: Context, workload: str, service: dict[str, Data]
) -> Iterator[tuple[str, dict[str, Data]]]:
    """A service, and before it the one that fetches its model, if any does."""
    name, container = service_name(deployment, workload), context.images[workload].container
    if container.model_folder is None:
        yield name, service
        return
    volume, before = fetching.volume_name(deployment, workload), fetching.service_of(name)
    image, build = context.images[FETCH], _build(deployment, context, FETCH)
    yield before, {**fetching.fetcher(deployment, image, build=build, volume=volume), **_labelled(deployment)}
    yield name, {**service, **fetching.waits(container, service=before, volume=volume)}


def _volumes(deployment: Deployment, context: Context) -> dict[str, Data]:
    served = [variant.name for variant in deployment.variants] or ([REALTIME] if serves(deployment) else [])
    brought = [name for name in served if context.images[name].container.model_folder]
    return {fetching.volume_name(deployment, name): traced({}, "model.uri") for name in brought}


def _build_secrets(deployment: Deployment) -> dict[str, Data]:
    images = [deployment.image] if not deployment.variants else [variant.image for variant in deployment.variants]
    names = dict.fromkeys(name for image in images for name in image.build_secrets)
    return {name: traced({"environment": secret_variable(name)}, "image.buildSecrets") for name in names}


def _service(deployment: Deployment, context: Context, workload: str) -> dict[str, Data]:
    image = context.images[workload]
    container = image.container
    security, why = deployment.security, container.why
    user = f"{security.run_as_user}:{security.run_as_group}"
    service: dict[str, Data] = {
        "image": traced(str(image.reference), "image.repository", "release"),
        "build": _build(deployment, context, workload),
        "user": traced(user, "security.runAsUser", "security.runAsGroup"),
        "read_only": traced(security.read_only_root_filesystem, "security.readOnlyRootFilesystem"),
        "tmpfs": traced(_tmpfs(deployment, container), why),
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        **_ports(container),
        "healthcheck": _healthcheck(deployment, container),
        "stop_grace_period": traced(
            f"{deployment.runtime.timeouts.shutdown.seconds + container.stop_seconds}s", "runtime.timeouts.shutdown"
        ),
        "restart": "unless-stopped",
        "deploy": {"resources": _resources(deployment)},
    }
    if shared := deployment.placement.shared_memory:
        service["shm_size"] = traced(memory(shared), "placement.sharedMemory")
    if deployment.runtime.env:
        service["environment"] = _environment(deployment)
    return {**service, **_labelled(deployment)}


def _ports(container: Container) -> dict[str, Data]:
    """The published ports; a variant has none, but is reached through what stands before all of them."""
    if container.workload != REALTIME:
        return {}
    ports: list[Data] = [
        traced(f"127.0.0.1:{port.number}:{port.number}", f"runtime.protocols.{port.protocol}")
        for port in container.ports
    ]
    return {"ports": ports}


def _build(deployment: Deployment, context: Context, workload: str) -> Data:
    image = deployment.image
    build: dict[str, Data] = {
        "context": compose_escape(context.output.up_from("compose")),
        # Relative to the context, not to this file.
        "dockerfile": compose_escape(
            posixpath.join(context.output.of("docker"), dockerfile_name(workload, context.images))
        ),
    }
    if image.build_secrets:
        build["secrets"] = traced(list(image.build_secrets), "image.buildSecrets")
    if image.platforms:
        build["platforms"] = traced(list(image.platforms), "image.platforms")
    return build


def _tmpfs(deployment: Deployment, container: Container) -> list[Data]:
    user, group = deployment.security.run_as_user, deployment.security.run_as_group
    limit = deployment.resources.limits.memory
    # What is written there counts as memory of the container, so its limit is also this one's. It is the kernel that
    # reads this size, and it knows no `b`: https://docs.kernel.org/filesystems/tmpfs.html (read 2026-11).
    size = f",size={memory(limit).removesuffix('b')}" if limit else ""
    return [f"{folder}:uid={user},gid={group},mode=0700{size}" for folder in container.writable]


def _healthcheck(deployment: Deployment, container: Container) -> Data:
    ready, (start, why) = deployment.probes.readiness, start_period(deployment)
    return {
        "test": traced(["CMD", *container.health], container.why),
        "interval": traced(f"{ready.period_seconds}s", "probes.readiness.periodSeconds"),
        "timeout": traced(f"{ready.timeout_seconds}s", "probes.readiness.timeoutSeconds"),
        "retries": traced(ready.failure_threshold, "probes.readiness.failureThreshold"),
        "start_period": traced(f"{start}s", *why),
    }


def _environment(deployment: Deployment) -> Data:
    def value(name: str, given: str | SecretKey) -> Data:
        if isinstance(given, str):
            return traced(compose_escape(given), f"runtime.env.{name}")
        return traced(from_shell(given), f"runtime.env.{name}")

    return {name: value(name, given) for name, given in deployment.runtime.env.items()}


def _labelled(deployment: Deployment) -> dict[str, Data]:
    labels: dict[str, Data] = {"owner": traced(compose_escape(deployment.owner), "owner")} if deployment.owner else {}
    for name, value in deployment.labels.items():
        labels[name] = traced(compose_escape(value), f"labels.{name}")
    return {"labels": labels} if labels else {}


def _resources(deployment: Deployment) -> Data:
    limits, requests = deployment.resources.limits, deployment.resources.requests
    limit = {**_amounts(limits, "resources.limits"), "pids": _PIDS}
    reserved = {**_amounts(requests, "resources.requests"), **_devices(deployment)}
    return {"limits": limit, "reservations": reserved} if reserved else {"limits": limit}


def _devices(deployment: Deployment) -> dict[str, Data]:
    gpus = deployment.resources.accelerator
    if gpus is None:
        return {}
    count = traced(gpus.count, "resources.accelerator.count")
    device: Data = {"driver": "nvidia", "count": count, "capabilities": ["gpu"]}
    return {"devices": traced([device], "resources.accelerator")}


def _amounts(amounts: Amounts, where: str) -> dict[str, Data]:
    data: dict[str, Data] = {}
    if amounts.cpu is not None:
        data["cpus"] = traced(cores(amounts.cpu), f"{where}.cpu")
    if amounts.memory is not None:
        data["memory"] = traced(memory(amounts.memory), f"{where}.memory")
    return data


def cores(quantity: Quantity) -> str:
    """CPUs as Compose writes them: a decimal number, as text."""
    whole, thousandths = divmod(quantity.thousandths, 1000)
    return f"{whole}.{thousandths:03d}".rstrip("0").rstrip(".")


def memory(quantity: Quantity) -> str:
    """Bytes as Compose writes them: its `m` is 1024 × 1024."""
    amount = -(-quantity.thousandths // 1000)
    return f"{amount // _MIB}m" if amount % _MIB == 0 else f"{amount}b"
