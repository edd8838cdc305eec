"""One build after the other: analyse, plan, write, and tell."""

from __future__ import annotations

import sys
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from servespec import writer
from servespec.claims import Stake
from servespec.cli import reported, tell
from servespec.cli.asked import Build, Mode
from servespec.cli.console import Look, keep, render, show
from servespec.cli.diffs import painted
from servespec.cli.exits import Exit, worst
from servespec.cli.find import Source
from servespec.cli.main import sentence
from servespec.cli.memory import Memory, Recalled
from servespec.cli.narrowing import require_environments
from servespec.cli.neighbours import Neighbours
from servespec.cli.options import DOCUMENTS
from servespec.cli.surroundings import ignored_output, left_behind, names, others
from servespec.cli.tree import make
from servespec.cli.work import Work, analyse, lockness, out_folder
from servespec.diagnostics.locate import placed
from servespec.diagnostics.types import Findings
from servespec.edge.ignored import ignore_files
from servespec.edge.workers import outcomes
from servespec.pipeline.stakes import stakes
from servespec.records import dataclass, replace
from servespec.targets.registry import TARGETS


@dataclass(frozen=True)
class _Written:
    """What became of the files of a spec."""

    exit: Exit
    told: str = ""
    """The summary, for people."""
    warned: str = ""
    """What to know of the output besides findings, as sentences."""
    complaint: str = ""
    """What went wrong besides findings, as sentences."""
    diff: str = ""
    watched: tuple[Path, ...] = ()
    """The output's paths, when it is as it should be."""
    stale: tuple[Findings, ...] = ()
    """The files that are out of date, for programs."""
    strangers: tuple[Path, ...] = ()
    """The folders in its output folder that were made of no spec beside it."""


@dataclass(frozen=True)
class Outcome:
    """What became of one spec."""

    source: Source
    written: _Written
    ok: bool = False
    environments: tuple[str, ...] = ()
    findings: tuple[Findings, ...] = ()
    """What was found, when it is told together with that of other specs: all of it in a document, and the mistakes of
    those that can't be built, which may be one mistake in a root file."""
    printed: str = ""
    """What was found in a spec that can be built, for people."""


def require_targets(names: Iterable[str]) -> None:
    """UsageError unless every name is that of a target."""
    for name in names:
        if name not in TARGETS:
            raise click.UsageError(tell.unknown_target(name))


def build_all(
    fresh: Mapping[int, Source],
    request: Build,
    memory: Memory,
    neighbours: Neighbours,
    *,
    known: Collection[str] = (),
    left: Sequence[str] = (),
    among: Sequence[Source] = (),
) -> Exit:
    """The exit code of building the sources, given with their numbers among all; `known` are the environments of those
    that are remembered, `left` the output folders beside no spec that none makes any more. Those beside a spec are
    looked for when it is one of all, `among` which it is.

    A document of all findings comes at the end, and so does what keeps specs from being built.
    """
    numbers, look = list(fresh), request.look
    talk = partial(_outcome, request=request, memory=memory)
    done: list[Outcome] = []
    for outcome in outcomes(list(fresh.values()), talk, lambda index, said: neighbours.settle(numbers[index], said)):
        done.append(outcome)
        _show(outcome, look)
    show("".join(dict.fromkeys(outcome.written.complaint for outcome in done if not outcome.ok)), err=True)
    left = (*left, *_left_behind(done, among))
    orphans = reported.orphans(left, writes=request.mode is Mode.WRITE)
    findings = [*(item for outcome in done for item in outcome.findings), *neighbours.findings, *orphans]
    if look.format in DOCUMENTS:
        show(render(findings, look))
    else:
        unbuilt = [item for outcome in done if not outcome.ok for item in outcome.findings]
        annotations = orphans if look.format == "github" else ()
        show(render([*unbuilt, *neighbours.findings, *annotations], look), err=True)
    if look.format != "github":
        show("".join(map(tell.left_behind, left)), err=True)
    keep(findings, look)
    readable = [outcome for outcome in done if outcome.written.exit is not Exit.WORLD or outcome.ok]
    require_environments(readable, known=known)
    clashes = (Exit.ERRORS for item in neighbours.findings if item.report.errors)
    stale = (Exit.STALE for _ in left if request.mode is not Mode.WRITE)
    return worst((*(outcome.written.exit for outcome in done), *clashes, *stale))


def _left_behind(done: Iterable[Outcome], among: Sequence[Source]) -> tuple[str, ...]:
    if not among:
        return ()
    return left_behind({folder for outcome in done for folder in outcome.written.strangers}, among)


def _show(outcome: Outcome, look: Look) -> None:
    written = outcome.written
    show(outcome.printed + written.warned, err=True)
    if outcome.ok:
        show(written.complaint, err=True)
    show(written.diff)
    show(written.told, err=look.format in DOCUMENTS)


def _outcome(source: Source, *, request: Build, memory: Memory) -> Generator[tuple[Stake, ...], bool, Outcome]:
    """The dialogue about one spec, which is written when nobody else has what it claims."""
    try:
        work = analyse(source, lockness(locked=request.locked))
    except OSError as failure:
        yield ()
        return Outcome(source, _Written(Exit.WORLD, complaint=f"servespec: {sentence(failure)}\n"))
    claimed = stakes(work.analyses, output=str(out_folder(source, request.output)))
    allowed = yield claimed
    written = _attempt(work, request) if allowed else _Written(Exit.ERRORS)
    findings, people = work.analyses.findings, request.look.format not in DOCUMENTS
    lost = (reported.lost(work, strict=True),) if request.strict and request.look.format == "github" else ()
    printed = render((*findings, *lost), request.look) if people and work.ok else ""
    if people and written.watched:
        # What was just written is remembered by the next run, which finds nothing to do.
        recalled = Recalled(f"{printed}{written.warned}\f{written.told}", claimed, work.environments)
        memory.remember(source, (*work.watched, *written.watched), recalled)
    kept = tuple(map(placed, findings)) if request.look.whole or not work.ok else ()
    if request.look.whole:
        kept += (*written.stale, reported.lost(work, strict=request.strict))
    return Outcome(source, replace(written, watched=()), work.ok, work.environments, kept, printed)


def _attempt(work: Work, request: Build) -> _Written:
    if not work.ok:
        return _Written(Exit.ERRORS)
    if not work.analyses.each:
        return _Written(Exit.OK)  # it has none of the environments that were asked for
    if request.strict and work.analyses.losses:
        return _Written(Exit.ERRORS, complaint=tell.losses(work.analyses.losses, strict=True))
    try:
        return _write(work, request)
    except writer.Refused as refusal:
        return _Written(Exit.REFUSED, complaint=str(refusal))
    except writer.WriteFailed as failure:
        return _Written(Exit.WORLD, complaint=str(failure))
    except OSError as failure:
        return _Written(Exit.WORLD, complaint=f"servespec: {sentence(failure)}")


def _write(work: Work, request: Build) -> _Written:
    out = out_folder(work.source, request.output)
    made = make(work, out, request.targets)
    if not (made.tree.files or made.refused or _speaks_for_old_files(out, made.tree)):
        return _Written(Exit.OK, complaint=tell.not_built(work.source.shown, request.targets))
    plan = writer.plan(made.tree, out)
    warned = ignored_output(out / made.tree.name)
    strangers, claims = _strangers(work, request, out, made.tree.name)
    settled = _settled(plan, request, claims) if not strangers else ()
    diff = painted(writer.diff(plan), sys.stdout) if Mode.DIFF in request.mode else ""
    if request.mode is not Mode.WRITE:
        told = tell.checked(plan) if _to_be_told(plan, request) else ""
        if told and request.look.format == "github" and not plan.up_to_date:
            told = tell.annotated(work.source.shown, told)
        stale = () if plan.up_to_date else reported.stale(work.source.shown, plan)
        code = Exit.STALE if stale else Exit.OK
        return _Written(code, told, warned, diff=diff, watched=settled, stale=stale, strangers=strangers)
    applied = writer.apply(plan, force=request.force)
    told = tell.summary(work, made, plan, applied) if request.summary else tell.rescued(applied)
    if made.refused:
        return _Written(Exit.REFUSED, told, warned, tell.outside(made.refused))
    return _Written(Exit.OK, told, warned, watched=settled, strangers=strangers)


def _speaks_for_old_files(out: Path, tree: writer.Tree) -> bool:
    # Of a spec that names no target any more, what it made when it did is to go.
    return bool(tree.scope) and (out / tree.name / writer.MANIFEST).is_file()


def _strangers(work: Work, request: Build, out: Path, name: str) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The folders beside that of the spec which no text beside it names, and the texts that name others."""
    # Into another output folder build specs of which nothing is known here.
    beside = others(out, name) if request.output is None else ()
    known = names(work.source.project) if beside else {}
    strangers = tuple(folder for folder in beside if folder.name not in known)
    return strangers, tuple(known[folder.name] for folder in beside if folder.name in known)


def _to_be_told(plan: writer.WritePlan, request: Build) -> bool:
    # A diff alone is all that is said: it can be piped on.
    return Mode.CHECK in request.mode and (request.summary or not plan.up_to_date)


def _settled(plan: writer.WritePlan, request: Build, claims: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths on which it rests that there is nothing to do; none when there is. `claims` are texts that name what
    else is in the output folder."""
    if not plan.up_to_date or plan.unfinished:
        return ()
    beside = (plan.out,) if request.output is None else ()  # with what is left behind there
    return (*plan.watched(), *ignore_files(plan.out / plan.tree.name), *beside, *claims)
