"""How the program that fetches models runs in a container: once, before each server that it fetches for."""

from __future__ import annotations

import posixpath

from servespec.artifacts import Origin
from servespec.deployment.fetching import FETCH
from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.runtimes import fetching as facts
from servespec.runtimes.image import VENV
from servespec.targets.container import Container, Copy, Input, PythonEnvironment, Run, Stage, Step
from servespec.targets.image import PATH, wheels

_WHY: Origin = "fact:fetching.HOME"
_REQUIREMENTS = "requirements.txt"


def container(deployment: Deployment, files: tuple[str, ...]) -> Container:
    """What docker, and what starts containers, needs to know of it; `files` are the emitted ones."""
    home, scratch = facts.HOME.value, facts.SCRATCH.value
    return Container(
        server=FETCH,
        stages=(Stage(_base(), tuple(_steps(deployment, files))),),
        home=home,
        writable=(scratch,),
        env={
            "PATH": (PATH, _WHY),
            "HOME": (scratch, "fact:fetching.SCRATCH"),
            "TMPDIR": (scratch, "fact:fetching.SCRATCH"),
        },
        entrypoint=("python", f"{home}/fetch.py"),
        health=(),
        ports=(),
        stop_seconds=0,
        why=_WHY,
        workload=FETCH,
    )


def _base() -> ImageReference:
    return ImageReference.of(facts.BASE.value.format(python=facts.PYTHON.value))


def _steps(deployment: Deployment, files: tuple[str, ...]) -> list[Step]:
    """The clients, the program, and the folder for the volume: a new one takes over whose it is in the image."""
    steps: list[Step] = []
    if _REQUIREMENTS in files:
        clients = (Input(_REQUIREMENTS, "model.uri", FETCH),)
        steps.append(PythonEnvironment(VENV.value, clients, wheels=wheels(deployment), origin="model.uri"))
    folders: dict[str, list[Input]] = {}
    for path in files:
        if path != _REQUIREMENTS:
            folders.setdefault(posixpath.dirname(path), []).append(Input(path, _WHY, FETCH))
    for folder, inputs in folders.items():
        steps.append(Copy(tuple(inputs), posixpath.join(facts.HOME.value, folder, "")))
    owner, why = deployment.security, ("security.runAsUser", "security.runAsGroup")
    made = ("install", "-d", f"--owner={owner.run_as_user}", f"--group={owner.run_as_group}", facts.FOLDER.value)
    return [*steps, Run(made, why)]
