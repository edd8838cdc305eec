"""One run of a batch from the start to the end: compile, prepare, score one interval."""

from __future__ import annotations

import click

from servespec.cli.asked import Python, Run
from servespec.cli.exits import Exit
from servespec.cli.places import place
from servespec.cli.watched import ended
from servespec.cli.work import Work
from servespec.deployment.workloads import BATCH
from servespec.edge.engine import Engine
from servespec.running import compiled, scoring
from servespec.running.model import model_of
from servespec.runtimes.batch import GATE


def score(work: Work, request: Run, interval: str) -> Exit:
    """The exit code of scoring one interval: results that a gate keeps back are what an answer is that fails."""
    deployment = work.analysis.deployment
    if BATCH not in deployment.patterns:
        raise click.UsageError(f"{work.source.shown} has no batch: --interval-start is for the pattern `batch`")
    if request.smoke:
        raise click.UsageError("--smoke sends requests to a server; a batch has none")

    def scored() -> Exit:
        code = _in_engine(work, interval) if request.docker else _as_process(work, request.python, interval)
        return {0: Exit.OK, GATE.value: Exit.ERRORS}.get(code, Exit.WORLD)

    return ended(scored)


def _as_process(work: Work, python: Python, interval: str) -> int:
    made = compiled.for_batch(work.analysis, work.source.project, targets=(BATCH,))
    model = model_of(work.analysis, work.source.project)
    return scoring.as_process(made, place(made, python, workload=BATCH), model=model, interval=interval)


def _in_engine(work: Work, interval: str) -> int:
    engine = Engine()
    made = compiled.for_batch(work.analysis, work.source.project, targets=("docker",))
    return scoring.in_engine(made, engine, interval=interval)
