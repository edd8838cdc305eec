"""One build after the other: analyse, plan, write, and tell."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from servespec import writer
from servespec.cli import tell
from servespec.cli.build import Mode, Request
from servespec.cli.console import keep, render, show
from servespec.cli.diffs import painted
from servespec.cli.exits import Exit
from servespec.cli.find import Source
from servespec.cli.main import sentence
from servespec.cli.memory import Memory
from servespec.cli.narrowing import require_environments
from servespec.cli.options import DOCUMENTS
from servespec.cli.surroundings import ignored_output, left_behind
from servespec.cli.tree import make
from servespec.cli.work import Work, analyse, lockness, out_folder
from servespec.diagnostics.types import Findings
from servespec.edge.ignored import ignore_files
from servespec.records import dataclass
from servespec.targets.registry import TARGETS


@dataclass(frozen=True)
class Outcome:
    """What became of one spec."""

    exit: Exit
    work: Work | None = None
    told: str = ""
    """The summary, for people."""
    warned: str = ""
    """What to know of the output besides findings, as sentences."""
    complaint: str = ""
    """What went wrong besides findings, as sentences."""
    watched: tuple[Path, ...] = ()
    """The output's paths, when it is as it should be."""


def require_targets(names: Iterable[str]) -> None:
    """UsageError unless every name is that of a target."""
    for name in names:
        if name not in TARGETS:
            raise click.UsageError(tell.unknown_target(name))


def build_all(sources: Sequence[Source], request: Request, memory: Memory) -> Iterator[Exit]:
    """The exit code of each build. A document of the findings of all specs comes at the end."""
    findings: list[Findings] = []
    works: list[Work] = []
    for source in sources:
        outcome = _outcome(source, request)
        if outcome.work is not None:
            works.append(outcome.work)
            findings += outcome.work.analyses.findings
        if request.look.format not in DOCUMENTS:
            _show(outcome, request, memory)
        else:
            show(outcome.warned + outcome.complaint + outcome.told, err=True)
        yield outcome.exit
    if request.look.format in DOCUMENTS:
        show(render(findings, request.look))
    keep(findings, request.look)
    require_environments(works)


def _show(outcome: Outcome, request: Request, memory: Memory) -> None:
    work = outcome.work
    printed = (render(work.analyses.findings, request.look) if work else "") + outcome.warned
    show(printed, err=True)
    show(outcome.complaint, err=True)
    show(outcome.told)
    if work is not None and outcome.watched:
        # What was just written is remembered by the next run, which finds nothing to do.
        memory.remember(work.source, (*work.watched, *outcome.watched), f"{printed}\f{outcome.told}")


def _outcome(source: Source, request: Request) -> Outcome:
    try:
        work = analyse(source, lockness(locked=request.locked))
    except OSError as failure:
        return Outcome(Exit.WORLD, complaint=f"servespec: {sentence(failure)}")
    if not work.analyses.ok:
        return Outcome(Exit.ERRORS, work)
    if not work.analyses.each:
        return Outcome(Exit.OK, work)  # it has none of the environments that were asked for
    if request.strict and work.analyses.losses:
        return Outcome(Exit.ERRORS, work, complaint=tell.losses(work.analyses.losses, strict=True))
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
    if not made.tree.files and not made.refused:
        return Outcome(Exit.OK, work, complaint=tell.not_built(request.targets))
    plan = writer.plan(made.tree, out)
    warned = ignored_output(out / made.tree.name)
    settled = _settled(plan, request)
    if Mode.DIFF in request.mode:
        show(painted(writer.diff(plan), sys.stdout))
    if request.mode is not Mode.WRITE:
        told = tell.checked(plan) if _to_be_told(plan, request) else ""
        if told and request.look.format == "github" and not plan.up_to_date:
            told = tell.annotated(work.source.shown, told)
        return Outcome(Exit.OK if plan.up_to_date else Exit.STALE, work, told, warned, watched=settled)
    applied = writer.apply(plan, force=request.force)
    told = tell.summary(work, plan, applied, made.commands) if request.summary else tell.rescued(applied)
    if request.summary and request.output is None:
        told += left_behind(work.source, out, made.tree.name)
    if made.refused:
        return Outcome(Exit.REFUSED, work, told, warned, tell.outside(made.refused))
    return Outcome(Exit.OK, work, told, warned, watched=settled)


def _to_be_told(plan: writer.WritePlan, request: Request) -> bool:
    # A diff alone is all that is said: it can be piped on.
    return Mode.CHECK in request.mode and (request.summary or not plan.up_to_date)


def _settled(plan: writer.WritePlan, request: Request) -> tuple[Path, ...]:
    """The paths on which it rests that there is nothing to do; none when there is."""
    if not plan.up_to_date or plan.unfinished:
        return ()
    beside = (plan.out,) if request.output is None else ()  # with what is left behind there
    return (*plan.watched(), *ignore_files(plan.out / plan.tree.name), *beside)
