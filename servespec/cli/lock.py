"""`servespec lock`: write down what the names in a spec mean today."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, Source, find
from servespec.cli.main import sentence
from servespec.cli.reading import lock_of
from servespec.records import dataclass, replace

if TYPE_CHECKING:
    from servespec.cli.locking.looking import Digests
    from servespec.cli.work import Work
    from servespec.emit.quoted import Data


@dataclass(frozen=True)
class Request:
    """What was asked of a lock."""

    digests: Digests
    check: bool


@click.command("lock")
@options.paths
@options.environments
@click.option(
    "--images",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="MAP",
    help="Take digests from this YAML or JSON map of images, instead of asking registries.",
)
@click.option("--check", is_flag=True, help="Write nothing; show what would change, and exit with 3 if anything would.")
def command(paths: tuple[str, ...], environments: tuple[str, ...], images: Path | None, check: bool) -> Exit:
    """Pin images, models and requirements in serving.lock.

    The serving.lock beside each spec records the digests of its images, of its model's files and of its requirements,
    and the version that an alias in a model registry stands for. `build` then uses these. This is the only command that
    looks them up, in registries and storages. With -e, only those environments are looked up again.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    from servespec.cli.locking import looking
    from servespec.cli.locking.given import read_map

    try:
        sources = find(paths, environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    digests = looking.asked if images is None else looking.given(read_map(images), str(images))
    return lock(sources, Request(digests, check))


def lock(sources: list[Source], request: Request) -> Exit:
    """The exit code of locking the sources, after telling what became of each."""
    from servespec.cli.many import analysed_all
    from servespec.cli.work import Lockness

    works, unread = analysed_all(sources, Lockness.IGNORED)
    return worst((unread, *(_lock(work, request) for work in works)))


def _lock(work: Work, request: Request) -> Exit:
    from servespec.cli.locking.looking import Unlockable, look_up
    from servespec.pipeline.locktext import part_of

    if _shown_errors(work):
        return Exit.ERRORS
    if not work.analyses.each:
        return Exit.OK  # it has none of the environments that were asked for
    parts = _kept(work)
    try:
        for analysis in work.analyses.sound:
            parts[analysis.environment] = part_of(look_up(analysis, work.source.project, request.digests))
    except Unlockable as failure:
        show("".join(f"servespec: {sentence}\n" for sentence in failure.sentences), err=True)
        return Exit.WORLD
    return _settle(work.source, parts, request)


def _shown_errors(work: Work) -> bool:
    """Whether the spec has errors, among them that the bytes of its model are not here; all that was found is shown."""
    from servespec.pipeline.locking import bytes_asked

    found = [replace(item, report=bytes_asked(item.report)) for item in work.analyses.findings]
    if work.analyses.ok and not any(item.report.errors for item in found):
        return False
    show(render(found, look("text", sys.stderr)), err=True)
    return True


def _kept(work: Work) -> dict[str | None, Data]:
    """The parts of the lock that is there of environments which are not looked up again."""
    from servespec.cli.reading import data_of
    from servespec.pipeline import File
    from servespec.pipeline.lockfile import read_lock

    asked = {analysis.environment for analysis in work.analyses.each}
    path = lock_of(work.source)
    left = [name for name in work.analyses.environments if name not in asked]
    if not left or not path.is_file():
        return {}
    there = read_lock(File(work.source.beside(path), data_of(path)))
    if there.file is None:
        show(render([there.findings], look("text", sys.stderr)), err=True)
        raise click.UsageError(f"{work.source.beside(path)} can't be read; without -e it is made anew")
    return {name: part for name in left if (part := there.data(name)) is not None}


def _settle(source: Source, parts: Mapping[str | None, Data], request: Request) -> Exit:
    from servespec.cli.diffs import painted
    from servespec.cli.surroundings import ignored_output
    from servespec.edge.putting import save
    from servespec.pipeline.locktext import text_of
    from servespec.writer import text_diff

    path = lock_of(source)
    shown = source.beside(path)
    before, after = path.read_bytes() if path.is_file() else b"", text_of(parts).encode()
    if before == after:
        click.echo(f"{shown} is up to date", err=True)
        return Exit.OK
    old = shown if before else os.devnull
    show(painted(text_diff(before, after, names=(old, shown)), sys.stdout))
    if request.check:
        click.echo(f"{shown} is out of date: run `servespec lock`", err=True)
        return Exit.STALE
    try:
        save(path, after)
    except OSError as failure:  # one that can't be written keeps no other from being locked
        show(f"servespec: {sentence(failure)}", err=True)
        return Exit.WORLD
    click.echo(f"wrote {shown}", err=True)
    show(ignored_output(path), err=True)
    return Exit.OK
