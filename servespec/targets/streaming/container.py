"""How a worker runs in a container: for ever, reached by nobody but those who watch it."""

from __future__ import annotations

from servespec.deployment.debian import added_packages, python_base
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.records import replace
from servespec.runtimes import streaming as facts
from servespec.targets.batch.model import ModelFiles
from servespec.targets.container import Container, Metrics, Watched
from servespec.targets.contract import Context
from servespec.targets.image import python_stage
from servespec.targets.programs import copied_model, copied_scripts, environment

_WHY = "fact:streaming.HOME"


def container(deployment: Deployment, context: Context, files: ModelFiles, scripts: tuple[str, ...]) -> Container:
    """What docker, and what starts containers, needs to know of it; `scripts` are the emitted programs."""
    home, streaming = facts.HOME.value, deployment.streaming
    assert streaming is not None
    own = streaming.scoring == "worker"
    model = copied_model(deployment, context, files, home) if own else ()
    packages = added_packages(STREAMING, deployment.model.format) if own else ()
    steps = (*copied_scripts(scripts, home, target=STREAMING, why=_WHY), *model)
    stage = python_stage(deployment, server=STREAMING, packages=packages, steps=steps)
    return Container(
        server=STREAMING,
        stages=(replace(stage, base=python_base(deployment)),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=environment(facts.SCRATCH.value, why=_WHY, scratch_why="fact:streaming.SCRATCH"),
        entrypoint=("python", f"{home}/stream.py"),
        health=("python", "-I", f"{home}/healthcheck.py"),
        ports=(),
        stop_seconds=facts.STOP_SECONDS.value,
        why=_WHY,
        watched=Watched(facts.READY.value, facts.LIVE.value, _metrics(), started=facts.STARTED.value),
        workload=STREAMING,
    )


def _metrics() -> Metrics:
    """Where a worker tells what it did: it counts events, no requests."""
    events, busy = facts.COUNTERS.value
    return Metrics(facts.PORT.value, facts.METRICS.value, requests=events, busy=busy, per_second=1)
