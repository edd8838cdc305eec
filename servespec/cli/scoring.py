"""One run of a batch from the start to the end: compile, prepare, score one interval."""

from __future__ import annotations

import os

import click

from servespec import writer
from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.cli.run import Request
from servespec.cli.serving import environment
from servespec.cli.work import Work
from servespec.deployment.layout import SUFFIXES, model_file
from servespec.deployment.registry import registry_address
from servespec.deployment.workloads import BATCH
from servespec.edge.engine import Engine, NoEngine
from servespec.edge.process import Terminated, terminable
from servespec.running import compiled, python, scoring
from servespec.running.cannot import CannotRun
from servespec.running.place import Missing
from servespec.runtimes.batch import GATE


def score(work: Work, request: Request, interval: str) -> Exit:
    """The exit code of scoring one interval: results that a gate keeps back are what an answer is that fails."""
    deployment = work.analysis.deployment
    assert deployment is not None
    if BATCH not in deployment.patterns:
        raise click.UsageError(f"{work.source.shown} has no batch: --interval-start is for the pattern `batch`")
    if request.smoke:
        raise click.UsageError("--smoke sends requests to a server; a batch has none")
    try:
        with terminable():
            code = _in_engine(work, interval) if request.docker else _as_process(work, request, interval)
    except Terminated:
        return Exit.OK
    except (CannotRun, Missing, NoEngine, writer.WriteFailed) as problem:
        show(f"servespec: {problem}", err=True)
        return Exit.WORLD
    return {0: Exit.OK, GATE.value: Exit.ERRORS}.get(code, Exit.WORLD)


def _as_process(work: Work, request: Request, interval: str) -> int:
    made = compiled.for_batch(work.analysis, work.source.project, targets=(BATCH,))
    if request.venv:
        place = python.existing(made.deployment, request.venv, workload=BATCH)
    else:
        place = environment(made, request)
    return scoring.as_process(made, place, model=model_of(work), interval=interval)


def _in_engine(work: Work, interval: str) -> int:
    engine = Engine()
    return scoring.in_engine(
        compiled.for_batch(work.analysis, work.source.project, targets=("docker",)), engine, interval=interval
    )


def model_of(work: Work) -> str:
    """The model, where it lies in the project, or the address of a registry."""
    assert work.analysis.deployment is not None
    model = work.analysis.deployment.model
    if registry_address(model.uri):
        return model.uri
    path = model_file(model, work.analysis.facts) if SUFFIXES[model.format] else model.uri
    return os.path.join(work.source.project, path)
