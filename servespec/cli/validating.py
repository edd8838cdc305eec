"""Looking at specs of which nothing is remembered, and telling what was found in all of them together."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from functools import partial

from servespec.claims import Stake
from servespec.cli.console import Look, keep, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import Source
from servespec.cli.main import sentence
from servespec.cli.memory import Memory, Recalled
from servespec.cli.narrowing import require_environments
from servespec.cli.neighbours import Neighbours
from servespec.cli.work import analyse, lockness, out_folder
from servespec.diagnostics.locate import placed
from servespec.diagnostics.types import Findings
from servespec.edge.workers import outcomes
from servespec.pipeline.stakes import stakes
from servespec.records import dataclass


@dataclass(frozen=True)
class Manner:
    """How to look, and how to tell."""

    look: Look
    known: frozenset[str]
    """Environments of specs that are remembered."""
    locked: bool


@dataclass(frozen=True)
class Seen:
    """What is to be told of one spec."""

    source: Source
    ok: bool
    environments: tuple[str, ...] = ()
    findings: tuple[Findings, ...] = ()
    failure: str = ""
    """Why it could not be read."""


def look_at(fresh: Mapping[int, Source], manner: Manner, memory: Memory, neighbours: Neighbours) -> Exit:
    """The exit code of looking at the sources, given with their numbers among all."""
    numbers, how = list(fresh), manner.look
    talk = partial(_seen, manner=manner, memory=memory)
    found = list(outcomes(list(fresh.values()), talk, lambda index, said: neighbours.settle(numbers[index], said)))
    failures = dict.fromkeys(seen.failure for seen in found if seen.failure)
    show("".join(f"servespec: {failure}\n" for failure in failures), err=True)
    findings = [*(item for seen in found for item in seen.findings), *neighbours.findings]
    show(render(findings, how))
    keep(findings, how)
    readable = [seen for seen in found if not seen.failure]
    require_environments(readable, known=manner.known)
    return worst(
        (
            *(Exit.WORLD for seen in found if seen.failure),
            *(Exit.ERRORS for seen in readable if not seen.ok),
            *(Exit.ERRORS for item in neighbours.findings if item.report.errors),
        )
    )


def _seen(source: Source, *, manner: Manner, memory: Memory) -> Generator[tuple[Stake, ...], bool, Seen]:
    """The dialogue about one spec, in which its claims are settled; a spec without mistakes is remembered."""
    try:
        work = analyse(source, lockness(locked=manner.locked))
    except OSError as failure:  # one that can't be read hides no other
        yield ()
        return Seen(source, ok=False, failure=sentence(failure))
    claimed = stakes(work.analyses, output=str(out_folder(source, None)))
    yield claimed
    findings = work.analyses.findings
    if work.ok:
        memory.remember(source, work.watched, Recalled(render(findings, manner.look), claimed, work.environments))
    return Seen(source, work.ok, work.environments, tuple(map(placed, findings)))
