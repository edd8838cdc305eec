"""How MLServer runs in a container, whichever runtime is inside it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Origin
from servespec.deployment.debian import added_packages
from servespec.deployment.fetching import fetched
from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.facts import Kind
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.mlserver import LIVE_PATH, STOP_SECONDS
from servespec.runtimes.types import ServerFacts
from servespec.targets.container import Container, Copy, Input, Port, Run, Stage, Step, Take, Watched
from servespec.targets.contract import Context
from servespec.targets.image import PATH, digest_check, locked_check, python_stage
from servespec.targets.mlserver.settings import MODEL_FOLDER
from servespec.targets.watching import metrics

_COLLECTED = "/src/model/"


def container(
    deployment: Deployment, context: Context, files: tuple[Artifact, ...], *, scratch: str, env: dict[str, str]
) -> Container:
    """What docker and compose need to know of it: `files` are the emitted ones, `scratch` the folder it writes to."""
    server = SERVERS[deployment.runtime.server]
    home, why = server.home.value, f"fact:{server.name}.home"
    emitted = tuple(Input(item.path, why, server.name) for item in files if item.path != "requirements.txt")
    packages = added_packages(server.name, deployment.model.format)
    steps: tuple[Step, ...] = (Copy(emitted, f"{home}/"),)
    brought, folder = fetched(deployment.model), f"{home}/{MODEL_FOLDER}"
    if not brought:
        steps = (*steps, Take("model", _COLLECTED, f"{folder}/", "model.uri"))
    file = posixpath.join(context.output.up_from(server.name), model_file(deployment.model, context.facts))
    return Container(
        server=server.name,
        stages=(
            *(() if brought else (Stage(deployment.image.base, tuple(_collected(deployment, context)), "model"),)),
            python_stage(deployment, server=server.name, packages=packages, steps=steps),
        ),
        home=home,
        writable=(scratch,),
        env={**_env(scratch, why=f"fact:{server.name}.SCRATCH"), **{name: (value, why) for name, value in env.items()}},
        entrypoint=("python", "-I", f"{home}/serve.py"),
        health=("python", "-I", f"{home}/healthcheck.py"),
        ports=tuple(Port(name, number) for name, number in deployment.runtime.protocols.items()),
        stop_seconds=STOP_SECONDS.value,
        why=why,
        watched=_watched(deployment, server),
        model_folder=folder if brought else None,
        host_env={"MLSERVER_MODEL_URI": f"{{home}}/{file}", **env},
    )


def _watched(deployment: Deployment, server: ServerFacts) -> Watched:
    ready = server.ready_path
    assert ready is not None
    return Watched(ready.value.format(model=deployment.model.name), LIVE_PATH.value, metrics(deployment))


def _collected(deployment: Deployment, context: Context) -> Iterator[Step]:
    """The model with all that lies beside it, in a stage of its own: the digest is checked, and modes are set, for a
    checkout may keep files from anybody else, without a second copy in the image."""
    model, facts = deployment.model, context.facts
    file, found = model_file(model, facts), facts.file(model.uri).kind
    whole = model.format == "onnx" and found is Kind.FOLDER  # with the external data that the file names
    yield Copy((Input(model.uri if whole else file, "model.uri"),), _COLLECTED)
    if model.code:
        yield Copy((Input(model.code, "model.code"),), _COLLECTED)
    for path in model.extra_files:
        folder = f"{posixpath.basename(path)}/" if facts.file(path).kind is Kind.FOLDER else ""
        yield Copy((Input(path, "model.extraFiles"),), f"{_COLLECTED}{folder}")
    yield from locked_check(model, [(model.uri, _COLLECTED)])
    yield from digest_check(model, f"{_COLLECTED}{posixpath.basename(file)}")
    yield Run(("chmod", "-R", "a+rX,go-w", _COLLECTED), ("security.runAsUser",))


def _env(scratch: str, *, why: Origin) -> dict[str, tuple[str, Origin]]:
    return {
        "PATH": (PATH, why),
        "HOME": (scratch, why),
        "TMPDIR": (scratch, why),
        # The configuration listens on loopback; in a container clients come from outside.
        "MLSERVER_HOST": ("0.0.0.0", "runtime.protocols"),
    }
