"""`servespec build`: compile specs, and put the result on disk in one exchange."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from servespec.cli import options
from servespec.cli.asked import Build, ChangedSince, Mode
from servespec.cli.console import chosen, look, show
from servespec.cli.exits import Exit
from servespec.cli.find import OUTPUT, NotFound, Source, find
from servespec.cli.memory import Memory, environments_of
from servespec.cli.neighbours import Neighbours, numbered


def _targets(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
    from servespec.cli import completing  # start-up: only for a shell that asks

    return completing.targets(ctx, param, begun)


@click.command("build")
@options.paths
@options.output
@options.environments
@click.option(
    "-t",
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    shell_complete=_targets,
    help="Only this target and those that it requires; repeatable.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing; list the files that are out of date, and exit with 3 if there are any.",
)
@click.option(
    "--diff", is_flag=True, help="Write nothing; show a unified diff of what would change, and exit like --check."
)
@options.since
@click.option("--strict", is_flag=True, help="Exit with 1 when a target can't express a field.")
@options.locked
@click.option("--force", is_flag=True, help="Overwrite files that were edited by hand or are not servespec's.")
@click.option(
    "--summary/--no-summary", default=None, help="List what changed and what to type next.  [default: on a terminal]"
)
@options.formats
def command(
    paths: tuple[str, ...],
    output: str | None,
    environments: tuple[str, ...],
    targets: tuple[str, ...],
    check: bool,
    diff: bool,
    since: str | None,
    strict: bool,
    locked: bool,
    force: bool,
    summary: bool | None,
    formats: tuple[tuple[str, str | None], ...],
) -> Exit:
    """Compile specs into the files that serve them.

    The files go to deploy/ beside each spec; each environment has a folder of its own there. The files of a spec are
    changed all together or not at all, and a file that you edited is never overwritten without --force.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    past: list[Path] = []
    try:
        sources = find(paths, environments, past=past)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    name, files = chosen(formats)
    machine = name in options.DOCUMENTS
    told = sys.stdout.isatty() if summary is None else summary
    how = look(name, sys.stdout if machine else sys.stderr, files=files)
    mode = (Mode.CHECK if check else Mode.WRITE) | (Mode.DIFF if diff else Mode.WRITE)
    neighbours = Neighbours()
    asked = ChangedSince(since, built=True, output=output) if since is not None else None
    request = Build(output, targets, mode, strict, locked, force, told and not machine, how)
    narrowed = environments or targets or output is not None or since is not None
    left = _left_behind(past, sources) if past and not narrowed else ()
    return build(numbered(sources, asked, neighbours), request, neighbours, left=left, narrowed=bool(narrowed))


def _left_behind(past: Iterable[Path], sources: Iterable[Source]) -> tuple[str, ...]:
    from servespec.cli.surroundings import left_behind, others  # start-up: an output mostly lies beside its spec

    return left_behind((folder for project in past for folder in others(project / OUTPUT)), sources)


def build(
    sources: Mapping[int, Source],
    request: Build,
    neighbours: Neighbours,
    *,
    left: tuple[str, ...] = (),
    narrowed: bool = False,
) -> Exit:
    """The exit code of building the sources, after printing what was found and done; `left` are the output folders
    beside no spec that none makes any more. Of a `narrowed` build none is told beside a spec either."""
    memory = Memory(*request.circumstances)
    recalled = {} if request.look.whole or Mode.DIFF in request.mode else memory.recall_all(sources)
    for number, item in recalled.items():
        _replay(item.printed)
        neighbours.settle(number, item.stakes)
    fresh = {number: source for number, source in sources.items() if number not in recalled}
    if not (fresh or left or neighbours.findings or request.look.whole):
        return Exit.OK
    from servespec.cli.building import build_all, require_targets

    require_targets(request.targets)
    known = environments_of(recalled.values())
    among = () if narrowed else tuple(sources.values())
    return build_all(fresh, request, memory, neighbours, known=known, left=left, among=among)


def _replay(printed: str) -> None:
    """Say again what a build with nothing to do said: findings, then the summary."""
    findings, _, summary = printed.partition("\f")
    show(findings, err=True)
    show(summary)
