"""A plan made true: under the lock, in one exchange."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from servespec.writer import exchange
from servespec.writer.disk import Live
from servespec.writer.journal import Journal, Stage
from servespec.writer.lock import locked
from servespec.writer.planning import plan as look_again
from servespec.writer.settling import heal, settle
from servespec.writer.staging import prepare
from servespec.writer.types import Applied, Refused, State, WriteFailed, WritePlan

_ATTEMPTS = 5


def apply(plan: WritePlan, *, force: bool = False) -> Applied:
    """What was done. `Refused` when that would lose what is not ours, `WriteFailed` when the disk says no."""
    if plan.up_to_date and not plan.unfinished:
        return Applied()
    root = plan.out / plan.tree.name
    if not plan.unfinished:
        _refuse(plan, force=force)
    try:
        with locked(os.fspath(plan.out)):
            return _transact(plan, force=force)
    except OSError as error:
        raise WriteFailed.because(error, root) from error


def _refuse(plan: WritePlan, *, force: bool) -> None:
    conflicts = [file for file in plan.conflicts if file.note or not force]
    if conflicts:
        raise Refused(plan.out / plan.tree.name, conflicts)


def _transact(plan: WritePlan, *, force: bool) -> Applied:
    stage = Stage.beside(plan.out, plan.tree.name)
    rescued = heal(stage)
    last: OSError
    for _ in range(_ATTEMPTS):
        # What was planned before the lock may be another build's past.
        now = look_again(plan.tree, plan.out)
        _refuse(now, force=force)
        if now.up_to_date:
            return Applied(rescued=rescued)
        try:
            saved = _replace(now, stage)
        except (FileExistsError, FileNotFoundError) as error:
            last = error  # somebody made or removed a file between the look and the exchange
            continue
        done = tuple(file for file in now.files if file.state is not State.UNCHANGED)
        return Applied(done, (*rescued, *saved))
    raise last


def _replace(plan: WritePlan, stage: Stage) -> tuple[str, ...]:
    """The rescued paths; the plan's tree is live."""
    try:
        with Live(plan.out, plan.tree.name) as live:
            first = live.fd is None
            journal = prepare(plan, live, stage)
        if first:
            exchange.put(stage.new, stage.live)
        else:
            exchange.swap(stage.new, stage.live, stage.old)
    except BaseException:
        with suppress(OSError):  # what cannot be cleared up now, the next build does
            heal(stage)
        raise
    return _clear_up(stage, journal)


def _clear_up(stage: Stage, journal: Journal) -> tuple[str, ...]:
    try:
        return settle(stage, journal) + heal(stage)
    except OSError as error:
        outcome = "the new files are in place, and the next build clears up"
        raise WriteFailed.because(error, Path(stage.live), outcome=outcome) from error
