"""One run of a stream's worker, or its examples sent through a broker: compile, prepare, start, tell, watch, stop."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

import click

from servespec.cli.asked import Python, Run
from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.cli.places import place
from servespec.cli.sending import require_examples
from servespec.cli.watched import ended, explained, stop, teller
from servespec.cli.work import Work
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import REALTIME, STREAMING
from servespec.edge.engine import Engine
from servespec.records import dataclass
from servespec.running import compiled, stack, streaming, told, watching
from servespec.running.model import model_of
from servespec.running.protocols import local_url, wire
from servespec.running.server import Server
from servespec.running.smoke import Verdict

_SMOKE_SECONDS = 60.0


def work_on_stream(work: Work, request: Run) -> Exit:
    """The exit code of running a worker against a broker on this machine."""
    _require_stream(work, smoke=request.smoke)
    if request.docker and request.smoke:
        raise click.UsageError("with --docker, start it first, and then send the examples by `servespec smoke`")

    def worked() -> Exit:
        if request.docker:
            return _in_engine(work)
        return _watched(_started(work, Broker(request.broker, request.python)), smoked=request.smoke)

    return ended(worked)


@dataclass(frozen=True)
class Broker:
    """Where events are sent, and by what."""

    address: str | None
    """None for the usual one of this machine."""
    python: Python
    """What runs the broker's client."""


def smoke_stream(work: Work, broker: Broker, *, seconds: float, format_: str) -> Exit:
    """The exit code of sending the examples of a spec as events, to workers that run already."""
    _require_stream(work, smoke=True)
    return explained(lambda: _told(_started(work, broker), seconds=seconds, format_=format_))


def _require_stream(work: Work, *, smoke: bool) -> None:
    deployment = work.analysis.deployment
    streaming_ = deployment.streaming
    if streaming_ is None or STREAMING not in deployment.patterns:
        raise click.UsageError(f"{work.source.shown} has no stream: --broker is for the pattern `streaming`")
    if streaming_.source.kind != streaming_.sink.kind:
        raise click.UsageError("events come from one kind of broker and go to another: there is no one broker for both")
    if smoke:
        require_examples(work)
    if smoke and REALTIME in deployment.patterns:
        raise click.UsageError("the examples are requests to the server; no events can be made of them")


def _started(work: Work, broker: Broker) -> streaming.Started:
    made = compiled.for_stream(work.analysis, work.source.project)
    deployment = made.deployment
    assert deployment.streaming is not None
    own, how = deployment.streaming.scoring == "worker", wire(deployment)
    model = model_of(work.analysis, work.source.project)
    where = f"--model={model}" if own else f"--service={local_url(deployment)}{how.predict if how else ''}"
    folder = place(made, broker.python, workload=STREAMING)
    return streaming.Started(made, folder, broker.address or streaming.usual_broker(deployment), (where,))


def _in_engine(work: Work) -> Exit:
    """The worker and a broker as a compose stack."""
    engine = Engine()
    made = compiled.for_engine(work.analysis, work.source.project)
    stack.build(made, engine)
    deployment = made.deployment
    return _until_ended(stack.StackServer(made, engine, tell=teller(deployment.name)), deployment)


def _watched(started: streaming.Started, *, smoked: bool) -> Exit:
    deployment = started.compiled.deployment
    streaming.make_topics(started)
    server = streaming.WorkerServer(started, tell=teller(deployment.name))

    def told_() -> Exit:
        return _told(started, seconds=_SMOKE_SECONDS, format_="text", answers=True)

    return _until_ended(server, deployment, then=told_ if smoked else None, broker=started.broker)


def _until_ended(
    server: Server,
    deployment: Deployment,
    *,
    then: Callable[[], Exit] | None = None,
    broker: str = "the stack's broker",
) -> Exit:
    """The exit code of what is done once the worker is ready; else it works until somebody stops it."""
    try:
        took = watching.wait_until_ready(server, deployment)
        if then is not None:
            return then()
        assert deployment.streaming is not None
        source, sink = deployment.streaming.source, deployment.streaming.sink
        names = f"{source.topic or source.subject} to {sink.topic or sink.subject}"
        show(f"ready: from {names} at {broker}, after {took:.1f} s; Ctrl-C stops it\n")
        sys.stdout.flush()
        watching.wait_until_ended(server, deployment)
        return Exit.OK
    finally:
        stop(server, deployment.name)


def _told(started: streaming.Started, *, seconds: float, format_: str, answers: bool = False) -> Exit:
    name = started.compiled.deployment.name
    verdicts = list(streaming.smoke(started, wait_seconds=seconds))
    if format_ == "text":
        show(f"{name} at {started.broker}\n")
        show("".join(_lines(verdicts, answers=answers)))
    show(told.count(verdicts) if format_ == "text" else told.junit(name, verdicts))
    return Exit.ERRORS if any(verdict.problem for verdict in verdicts) else Exit.OK


def _lines(verdicts: Iterable[Verdict], *, answers: bool) -> Iterable[str]:
    for verdict in verdicts:
        yield told.line(verdict) + (told.answer(verdict) if answers else "")
