"""One build after the other: analyse, plan, write, and tell."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from servespec import writer
from servespec.cli import tell
from servespec.cli.build import Request
from servespec.cli.console import render, show
from servespec.cli.exits import Exit
from servespec.cli.find import Source
from servespec.cli.main import sentence
from servespec.cli.memory import Memory
from servespec.cli.work import Work, analyse, make, out_folder
from servespec.diagnostics.types import Findings
from servespec.targets.registry import BY_NAME

_COLLECT_EVERY = 50  # specs: the collector is off, so memory is given back now and then


@dataclass(frozen=True)
class Outcome:
    """What became of one spec."""

    exit: Exit
    work: Work | None = None
    told: str = ""
    """The summary, for people."""
    complaint: str = ""
    """What went wrong besides findings, as sentences."""
    watched: tuple[Path, ...] = ()
    """The output's paths, when it is as it should be."""


def build_all(sources: Sequence[Source], request: Request, memory: Memory) -> Iterator[Exit]:
    """The exit code of each build. JSON findings of all specs come as one document at the end."""
    findings: list[Findings] = []
    for number, source in enumerate(sources, start=1):
        outcome = _outcome(source, request)
        if outcome.work is not None:
            findings.append(outcome.work.analysis.findings)
        if request.look.format != "json":
            _show(outcome, request, memory)
        elif outcome.complaint:
            show(outcome.complaint, err=True)
        if number % _COLLECT_EVERY == 0:
            gc.collect()
        yield outcome.exit
    if request.look.format == "json":
        show(render(findings, request.look))


def _show(outcome: Outcome, request: Request, memory: Memory) -> None:
    work = outcome.work
    printed = render([work.analysis.findings], request.look) if work else ""
    show(printed, err=True)
    show(outcome.complaint, err=True)
    show(outcome.told)
    if work is not None and outcome.watched:
        # What was just written is remembered by the next run, which finds nothing to do.
        memory.remember(work.source, (*work.watched, *outcome.watched), f"{printed}\f{outcome.told}")


def _outcome(source: Source, request: Request) -> Outcome:
    try:
        work = analyse(source)
    except OSError as failure:
        return Outcome(Exit.WORLD, complaint=f"servespec: {sentence(failure)}")
    if not work.analysis.ok:
        return Outcome(Exit.ERRORS, work)
    if unknown := [name for name in request.targets if name not in BY_NAME]:
        return Outcome(Exit.USAGE, work, complaint=tell.unknown_target(unknown[0]))
    if request.strict and work.analysis.losses:
        return Outcome(Exit.ERRORS, work, complaint=tell.losses(work.analysis.losses, strict=True))
    try:
        return _write(work, request)
    except writer.Refused as refusal:
        return Outcome(Exit.REFUSED, work, complaint=str(refusal))
    except writer.WriteFailed as failure:
        return Outcome(Exit.WORLD, work, complaint=str(failure))
    except OSError as failure:
        return Outcome(Exit.WORLD, work, complaint=f"servespec: {sentence(failure)}")


def _write(work: Work, request: Request) -> Outcome:
    out = out_folder(work.source, request.output)
    made = make(work, out, request.targets)
    plan = writer.plan(made.tree, out)
    if request.diff:
        show("".join(f"{line}\n" for line in writer.diff(plan)))
    if request.check:
        told = tell.checked(plan) if request.summary or not plan.up_to_date else ""
        return Outcome(Exit.OK if plan.up_to_date else Exit.STALE, work, told, watched=_settled(plan))
    applied = writer.apply(plan, force=request.force)
    told = tell.summary(work, plan, applied, made.commands) if request.summary else tell.rescued(applied)
    if made.refused:
        return Outcome(Exit.REFUSED, work, told, tell.outside(made.refused))
    return Outcome(Exit.OK, work, told, watched=_settled(plan))


def _settled(plan: writer.WritePlan) -> tuple[Path, ...]:
    return plan.watched() if plan.up_to_date and not plan.unfinished else ()
