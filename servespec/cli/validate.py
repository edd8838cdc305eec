"""`servespec validate`: every mistake of some specs."""

from __future__ import annotations

import sys

import click

from servespec.cli import options
from servespec.cli.console import Look, chosen, keep, look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, Source, find
from servespec.cli.memory import Memory


@click.command("validate")
@options.paths
@options.environments
@options.locked
@options.formats
def command(
    paths: tuple[str, ...], environments: tuple[str, ...], locked: bool, formats: tuple[tuple[str, str | None], ...]
) -> Exit:
    """Show every mistake of the specs at PATHS, and write nothing.

    All environments of a spec are looked at. A folder stands for every serving.yaml below it. Without PATHS:
    ./serving.yaml, else the nearest above. Exits with 1 when there is an error.
    """
    try:
        sources = find(paths, environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    name, files = chosen(formats)
    return validate(sources, look(name, sys.stdout, files=files), locked=locked)


def validate(sources: list[Source], how: Look, *, locked: bool = False) -> Exit:
    """The exit code of validating the sources, after printing what was found."""
    memory = Memory("validate", how.key, "locked" if locked else "")
    known = {} if how.whole else {source: memory.recall(source) for source in sources}
    show("".join(text for text in known.values() if text))
    fresh = [source for source in sources if known.get(source) is None]
    return _look_at(fresh, how, memory, locked=locked) if fresh else Exit.OK


def _look_at(sources: list[Source], how: Look, memory: Memory, *, locked: bool) -> Exit:
    from servespec.cli.main import sentence
    from servespec.cli.narrowing import require_environments
    from servespec.cli.work import analyse, lockness  # start-up: not for what is remembered

    works, exits = [], []
    for source in sources:
        try:
            works.append(analyse(source, lockness(locked=locked)))
        except OSError as failure:  # one that can't be read hides no other
            show(f"servespec: {sentence(failure)}", err=True)
            exits.append(Exit.WORLD)
    findings = [item for work in works for item in work.analyses.findings]
    show(render(findings, how))
    keep(findings, how)
    require_environments(works)
    for work in works:
        if work.analyses.ok:
            memory.remember(work.source, work.watched, render(work.analyses.findings, how))
    return worst((*exits, *(Exit.OK if work.analyses.ok else Exit.ERRORS for work in works)))
