"""`servespec validate`: every mistake of some specs."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from servespec.cli import options
from servespec.cli.asked import ChangedSince
from servespec.cli.console import Look, chosen, look, show
from servespec.cli.exits import Exit
from servespec.cli.find import NotFound, Source, find
from servespec.cli.memory import Memory, environments_of
from servespec.cli.neighbours import Neighbours, numbered


@click.command("validate")
@options.paths
@options.environments
@options.since
@click.option("--fix", is_flag=True, help="Apply the safe fixes, in place, before anything is shown.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what --fix would change, and exit with 1 if anything would."
)
@options.locked
@options.formats
def command(
    paths: tuple[str, ...],
    environments: tuple[str, ...],
    since: str | None,
    fix: bool,
    diff: bool,
    locked: bool,
    formats: tuple[tuple[str, str | None], ...],
) -> Exit:
    """Show every mistake in specs.

    All environments of a spec are checked, and the specs are checked against each other, for example for two that use
    the same name in one namespace. Exits with 1 when there is an error.

    Only --fix writes anything: it corrects mistakes that have one possible correction, in the spec, its overlays and
    the root file, and leaves everything else in these files as it is.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    try:
        sources = find(paths, environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    name, files = chosen(formats)
    neighbours = Neighbours()
    asked = numbered(sources, ChangedSince(since) if since is not None else None, neighbours)
    if fix or diff:
        from servespec.cli import fixing  # start-up: not for those who only look

        if (done := (fixing.preview if diff else fixing.fix)(asked.values())) is not Exit.OK:
            return done
    return validate(asked, look(name, sys.stdout, files=files), neighbours, locked=locked)


def validate(sources: Mapping[int, Source], how: Look, neighbours: Neighbours, *, locked: bool = False) -> Exit:
    """The exit code of validating the sources, after printing what was found."""
    memory = Memory("validate", how.key, "locked" if locked else "")
    recalled = {} if how.whole else memory.recall_all(sources)
    for number, item in recalled.items():
        show(item.printed)
        neighbours.settle(number, item.stakes)
    fresh = {number: source for number, source in sources.items() if number not in recalled}
    if not fresh and not neighbours.findings and not how.whole:
        return Exit.OK
    from servespec.cli.validating import Manner, look_at  # start-up: not for what is remembered

    return look_at(fresh, Manner(how, environments_of(recalled.values()), locked=locked), memory, neighbours)
