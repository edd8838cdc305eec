"""One run from the start to the end: compile, prepare, start, tell, watch, stop."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable

import click

from servespec.cli.asked import Python, Run
from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.cli.places import place
from servespec.cli.sending import aim, require_examples, send
from servespec.cli.watched import ended, stop, teller
from servespec.cli.work import Work
from servespec.deployment.types import Deployment
from servespec.deployment.variants import heaviest, view
from servespec.deployment.workloads import serves
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.visible import escaped
from servespec.edge.engine import Engine
from servespec.edge.process import is_taken
from servespec.records import replace
from servespec.running import compiled, host, stack, watching
from servespec.running.cannot import CannotRun
from servespec.running.folder import RunFolder
from servespec.running.protocols import local_url, manner_of, wire
from servespec.running.server import Server, Tell
from servespec.runtimes.catalog import SERVERS


def serve(work: Work, request: Run) -> Exit:
    """The exit code of one run."""
    if not request.docker:
        work = _of_one_variant(work, request.variant)
    deployment = work.analysis.deployment
    if not serves(deployment):
        raise click.UsageError(f"{work.source.shown} has a batch only: --interval-start says what to score")
    if request.smoke:
        require_examples(work)

    def served() -> Exit:
        if not request.docker:
            compiled.require_process(deployment)  # whatever else is in the way, this will not do
        _require_ports(deployment, private=not request.docker)
        start = _in_engine(work) if request.docker else _as_process(work, request.python)
        return _watched(work, start, smoked=request.smoke)

    return ended(served)


def _of_one_variant(work: Work, name: str | None) -> Work:
    """The work on the variant that is to run, as if the spec were that one alone."""
    analysis, deployment = work.analysis, work.analysis.deployment
    known = {variant.name: variant for variant in deployment.variants}
    if name is not None and name not in known:
        near = closest(name, known)
        hint = f"did you mean '{near}'?" if near else f"the spec has {one_of(tuple(known), 'and') if known else 'none'}"
        raise click.UsageError(f"there is no variant '{escaped(name)}'; {hint}")
    if not known:
        return work
    chosen = known[name] if name else heaviest(deployment)
    show(f"running {chosen.name}, one of {len(known)} variants", err=True)
    alone = replace(analysis, deployment=view(deployment, chosen))
    return replace(work, analyses=replace(work.analyses, each=(alone,)))


def _require_ports(deployment: Deployment, *, private: bool) -> None:
    """Stops where somebody else listens: a smoke test of another's server would tell nothing."""
    inside = SERVERS[deployment.runtime.server].private_ports if private else {}
    ports = {**deployment.runtime.protocols, **{name: fact.value for name, fact in inside.items()}}
    if taken := [f"{port} ({name})" for name, port in ports.items() if is_taken(port)]:
        raise CannotRun(f"{deployment.name} needs ports that are taken: {', '.join(taken)}")


def _as_process(work: Work, python: Python) -> Callable[[Tell], Server]:
    made = compiled.for_process(work.analysis, work.source.project)
    host.require_programs(made)
    for file in made.deployment.image.files:
        lies = os.path.relpath(made.folder.root / file.target.lstrip("/"))
        show(f"note: outside of an image {escaped(file.target)} is not there; it lies at {escaped(lies)}", err=True)
    folder = place(made, python)
    return lambda tell: host.HostServer(host.Host(made, folder), tell=tell)


def _in_engine(work: Work) -> Callable[[Tell], Server]:
    engine = Engine()
    made = compiled.for_engine(work.analysis, work.source.project)
    stack.build(made, engine)
    return lambda tell: stack.StackServer(made, engine, tell=tell)


def _watched(work: Work, start: Callable[[Tell], Server], *, smoked: bool) -> Exit:
    deployment = work.analysis.deployment
    folder = RunFolder.of(work.source.project, deployment)
    server = start(teller(deployment.name))
    try:
        took = watching.wait_until_ready(server, deployment)
        if (key := manner_of(deployment).key) and deployment.security.authorization == "token":
            folder.keep_token(watching.key_of(server, key))
        if smoked:
            return send(work, aim(work, url=None, timeout="10s", token=None), answers=True)
        show(_ready(deployment, folder, took))
        sys.stdout.flush()
        watching.wait_until_ended(server, deployment)
        return Exit.OK
    finally:
        try:
            folder.forget_token()
        finally:
            stop(server, deployment.name)


def _ready(deployment: Deployment, folder: RunFolder, took: float) -> str:
    """The line that says where the model is, and how to ask it."""
    ports = deployment.runtime.protocols
    url = local_url(deployment)
    others = "".join(f", {name} 127.0.0.1:{port}" for name, port in ports.items() if name != "rest")
    text = f"ready: {url}{others}, after {took:.1f} s; Ctrl-C stops it\n"
    how = wire(deployment)
    if how is None or not deployment.examples:
        return text
    words = [shlex.join(["curl", "-sS", url + how.predict, "-H", "Content-Type: application/json"])]
    if folder.token.exists():
        words.append(f'-H "Authorization: Bearer $(cat {shlex.quote(os.path.relpath(folder.token))})"')
    words.append(shlex.join(["-d", json.dumps(deployment.examples[0].request)]))
    return f"{text}  {' '.join(words)}\n"
