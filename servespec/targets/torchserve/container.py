"""How TorchServe runs in a container."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Origin
from servespec.deployment.debian import added_packages
from servespec.deployment.types import Deployment
from servespec.runtimes import torchserve as facts
from servespec.targets.container import Container, Copy, Input, Port, Run, Stage, Step, Take, Watched
from servespec.targets.container import PythonEnvironment as Environment
from servespec.targets.image import PATH, digest_check, python_stage, wheels
from servespec.targets.torchserve.files import ArchiveFiles, archiver_options
from servespec.targets.watching import metrics

_TOOL = "/opt/tool"
_SOURCES = "/src/"
_WHY = "fact:torchserve.home"


def container(deployment: Deployment, files: ArchiveFiles, *, archived: bool) -> Container:
    """What docker and compose need to know of it; `archived` says that the archive is already among the files."""
    home, scratch, protocols = facts.SERVER.home.value, facts.SCRATCH.value, deployment.runtime.protocols
    emitted = ("config.properties", "log4j2.properties", "entrypoint.py", "healthcheck.py")
    store = f"{home}/model-store/"
    steps: tuple[Step, ...] = (Copy(tuple(Input(name, _WHY, "torchserve") for name in emitted), f"{home}/"),)
    if archived:
        steps = (
            *steps,
            Copy((Input(f"model-store/{files.archive}", "targets.torchserve.archive", "torchserve"),), store),
        )
    else:
        made = f"{_SOURCES}{files.model_name}.mar"
        steps = (*steps, Take("pack", made, f"{store}{files.archive}", "model.version"))
    packages = added_packages("torchserve", deployment.model.format)
    image = python_stage(deployment, server="torchserve", packages=packages, steps=steps)
    return Container(
        server="torchserve",
        stages=(image,) if archived else (_pack(deployment, files), image),
        home=home,
        writable=(scratch,),
        env=_env(protocols["rest"]),
        entrypoint=("python", "-I", f"{home}/entrypoint.py"),
        health=("python", "-I", f"{home}/healthcheck.py"),
        ports=tuple(Port(name, number) for name, number in protocols.items()),
        stop_seconds=facts.STOP_SECONDS.value,
        why=_WHY,
        watched=_watched(deployment),
        host_env={"TS_MODEL_STORE": "{home}/model-store"},
    )


def _watched(deployment: Deployment) -> Watched:
    """Whether the model answers only its management tells, which stays on loopback: the health check's own program."""
    port, why = facts.SERVER.private_ports["metrics"].value, "fact:torchserve.private_ports"
    env: dict[str, tuple[str, Origin]] = {
        # A token is known to the process that made it; of several behind one address only one would take it.
        "TS_DISABLE_TOKEN_AUTHORIZATION": ("true", "security.authorization"),
        "TS_METRICS_ADDRESS": (f"http://0.0.0.0:{port}", why),
    }
    return Watched(live=facts.LIVE_PATH.value, metrics=metrics(deployment), env=env)


def _pack(deployment: Deployment, files: ArchiveFiles) -> Stage:
    """The stage that makes the archive: neither the tool nor the sources stay in the image."""
    steps: tuple[Step, ...] = (
        Environment(_TOOL, pins=(facts.ARCHIVER.value,), wheels=wheels(deployment), origin="fact:torchserve.ARCHIVER"),
        Copy((Input(files.weights, "model.uri"),), _SOURCES),
        *_digest(deployment, files),
        Copy(tuple(_sources(files)), _SOURCES),
        *(Copy((Input(path, "model.extraFiles"),), f"{_SOURCES}extra/{path}") for path in files.extra),
        _archiver(files),
    )
    return Stage(deployment.image.base, steps, "pack")


def _sources(files: ArchiveFiles) -> Iterator[Input]:
    yield Input("model-config.yaml", "runtime", "torchserve")
    if files.handler_is_ours:
        yield Input("handler.py", "signature", "torchserve")
    else:
        yield Input(files.handler, "model.handler.file")
    if files.code:
        yield Input(files.code, "model.code")


def _digest(deployment: Deployment, files: ArchiveFiles) -> Iterator[Step]:
    """The weights are the ones that the spec means, or the build stops."""
    yield from digest_check(deployment.model, f"{_SOURCES}{posixpath.basename(files.weights)}")


def _archiver(files: ArchiveFiles) -> Run:
    options = archiver_options(files, lambda path: f"{_SOURCES}{posixpath.basename(path)}", extra=f"{_SOURCES}extra/")
    argv = [f"{name}={value}" for name, value, _ in options]
    origins = dict.fromkeys(origin for _, _, origins in options for origin in origins)
    return Run((f"{_TOOL}/bin/torch-model-archiver", *argv, f"--export-path={_SOURCES}", "--force"), tuple(origins))


def _env(rest: int) -> dict[str, tuple[str, Origin]]:
    scratch = facts.SCRATCH.value
    return {
        "PATH": (PATH, "fact:torchserve.home"),
        "TEMP": (scratch, "fact:torchserve.SCRATCH"),
        "TMPDIR": (scratch, "fact:torchserve.SCRATCH"),
        "HOME": (scratch, "fact:torchserve.SCRATCH"),
        "PYTHONDONTWRITEBYTECODE": ("1", "fact:torchserve.SCRATCH"),
        "PYTHONUNBUFFERED": ("1", "fact:torchserve.SCRATCH"),
        # The configuration listens on loopback; in a container clients come from outside.
        "TS_INFERENCE_ADDRESS": (f"http://0.0.0.0:{rest}", "runtime.protocols.rest"),
        "TS_GRPC_INFERENCE_ADDRESS": ("0.0.0.0", "runtime.protocols.grpc"),
    }
