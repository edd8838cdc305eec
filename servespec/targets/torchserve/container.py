"""How TorchServe runs in a container."""

from __future__ import annotations

import posixpath

from servespec.artifacts import Origin
from servespec.deployment.types import Deployment
from servespec.runtimes import torchserve as facts
from servespec.targets.container import Container, Stage
from servespec.targets.contract import Context
from servespec.targets.torchserve.files import ArchiveFiles

_STORE = "/model-store"


def container(deployment: Deployment, context: Context, files: ArchiveFiles) -> Container:
    """What docker and compose need to know of it."""
    folder = context.output.of("torchserve")
    protocols = deployment.runtime.protocols
    inside = ("archive.sh", "model-config.yaml", *(("handler.py",) if files.handler_is_ours else ()))
    return Container(
        server="torchserve",
        home=facts.HOME.value,
        scratch=facts.SCRATCH.value,
        stop_seconds=facts.STOP_SECONDS.value,
        system_packages=facts.SYSTEM_PACKAGES.value,
        requirements="requirements.txt",
        files=("config.properties", "log4j2.properties", "entrypoint.py", "healthcheck.py"),
        env=_env(protocols.rest),
        entrypoint=("python", "-I", f"{facts.HOME.value}/entrypoint.py"),
        health=("python", "-I", f"{facts.HOME.value}/healthcheck.py"),
        ports={"rest": protocols.rest, "grpc": protocols.grpc},
        why="fact:torchserve.HOME",
        stage=Stage(
            requirements=facts.ARCHIVER_REQUIREMENTS.value,
            command=("/bin/sh", posixpath.join(folder, "archive.sh"), _STORE),
            files=(*files.sources, *(posixpath.join(folder, name) for name in inside)),
            output=_STORE,
        ),
        model_folder="model-store",
    )


def _env(rest: int) -> dict[str, tuple[str, Origin]]:
    scratch = facts.SCRATCH.value
    return {
        "TEMP": (scratch, "fact:torchserve.SCRATCH"),
        "TMPDIR": (scratch, "fact:torchserve.SCRATCH"),
        "HOME": (scratch, "fact:torchserve.SCRATCH"),
        "PYTHONDONTWRITEBYTECODE": ("1", "fact:torchserve.SCRATCH"),
        "PYTHONUNBUFFERED": ("1", "fact:torchserve.SCRATCH"),
        # The configuration listens on loopback; in a container clients come from outside.
        "TS_INFERENCE_ADDRESS": (f"http://0.0.0.0:{rest}", "runtime.protocols.rest"),
        "TS_GRPC_INFERENCE_ADDRESS": ("0.0.0.0", "runtime.protocols.grpc"),
    }
