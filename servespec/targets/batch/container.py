"""How a scorer runs in a container: once, for one interval, with the data mounted or on object storage."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from servespec.artifacts import Origin
from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH
from servespec.facts import Kind
from servespec.runtimes import batch as facts
from servespec.runtimes.catalog import SERVERS
from servespec.targets.batch.model import PROJECT, ModelFiles
from servespec.targets.container import Container, Copy, Input, Step
from servespec.targets.contract import Context
from servespec.targets.image import PATH, digest_check, locked_check, python_stage

_WHY = "fact:batch.HOME"


def container(deployment: Deployment, context: Context, files: ModelFiles, scripts: tuple[str, ...]) -> Container:
    """What docker, and what starts containers, needs to know of it; `scripts` are the emitted programs."""
    home = facts.HOME.value
    steps = (*_scripts(scripts, home), *_model(deployment, context, files, home))
    packages = facts.SYSTEM_PACKAGES.value.get(deployment.model.format, ())
    stage = python_stage(deployment, server=BATCH, packages=packages, steps=steps)
    return Container(
        server=BATCH,
        stages=(replace(stage, base=_base(deployment)),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=_env(),
        entrypoint=("python", f"{home}/score.py", f"--data={facts.DATA.value}"),
        health=(),
        ports=(),
        stop_seconds=0,
        why=_WHY,
        workload=BATCH,
    )


def _scripts(scripts: tuple[str, ...], home: str) -> Iterator[Step]:
    """The program, and its modules in their folder."""
    folders: dict[str, list[Input]] = {}
    for path in scripts:
        folders.setdefault(posixpath.dirname(path), []).append(Input(path, _WHY, BATCH))
    for folder, inputs in folders.items():
        yield Copy(tuple(inputs), posixpath.join(home, folder, ""))


def _model(deployment: Deployment, context: Context, files: ModelFiles, home: str) -> Iterator[Step]:
    # Whatever the modes of the checkout are, the scorer's user must be able to read it.
    for item in files.inputs:
        mode = "0755" if context.facts.file(item.path).kind is Kind.FOLDER else "0644"
        yield Copy((item,), posixpath.join(home, PROJECT, item.path), mode=mode)
    model = deployment.model
    yield from locked_check(model, [(model.uri, posixpath.join(home, PROJECT, model.uri))])
    if model.digest:
        yield digest_check(model.digest, posixpath.join(home, files.in_image))


def _base(deployment: Deployment) -> ImageReference:
    """The image that the server's starts from, or one of Python where that is the server's own."""
    if SERVERS[deployment.runtime.server].python.value:
        return deployment.image.base
    base = ImageReference.parse(facts.BASE.value.format(python=deployment.image.python))
    return base or deployment.image.base


def _env() -> dict[str, tuple[str, Origin]]:
    scratch, why = facts.SCRATCH.value, "fact:batch.SCRATCH"
    return {"PATH": (PATH, _WHY), "HOME": (scratch, why), "TMPDIR": (scratch, why)}
