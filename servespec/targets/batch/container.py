"""How a scorer runs in a container: once, for one interval, with the data mounted or on object storage."""

from __future__ import annotations

from servespec.deployment.debian import added_packages, python_base
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH
from servespec.records import replace
from servespec.runtimes import batch as facts
from servespec.targets.batch.model import ModelFiles
from servespec.targets.container import Container
from servespec.targets.contract import Context
from servespec.targets.image import python_stage
from servespec.targets.programs import copied_model, copied_scripts, environment

_WHY = "fact:batch.HOME"


def container(deployment: Deployment, context: Context, files: ModelFiles, scripts: tuple[str, ...]) -> Container:
    """What docker, and what starts containers, needs to know of it; `scripts` are the emitted programs."""
    home = facts.HOME.value
    steps = (
        *copied_scripts(scripts, home, target=BATCH, why=_WHY),
        *copied_model(deployment, context, files, home),
    )
    packages = added_packages(BATCH, deployment.model.format)
    stage = python_stage(deployment, server=BATCH, packages=packages, steps=steps)
    return Container(
        server=BATCH,
        stages=(replace(stage, base=python_base(deployment)),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=environment(facts.SCRATCH.value, why=_WHY, scratch_why="fact:batch.SCRATCH"),
        entrypoint=("python", f"{home}/score.py", f"--data={facts.DATA.value}"),
        health=(),
        ports=(),
        stop_seconds=0,
        why=_WHY,
        workload=BATCH,
    )
