"""`servespec diff`: what two environments of a spec make differently."""

from __future__ import annotations

import sys

import click

from servespec.cli import options
from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit


@click.command("diff")
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]")
@options.two_environments
def command(paths: tuple[str, ...], environments: tuple[str, ...]) -> Exit:
    """Compare what two environments compile to.

    servespec diff -e staging -e production

    The output of both is compared as if it were in the same folder, so that only real differences are shown. Nothing is
    written. Without PATH: ./serving.yaml, else the nearest above.
    """
    if len(set(environments)) != 2 or len(paths) > 1:
        raise click.UsageError("name two environments of one spec, as in -e staging -e production")
    from servespec.cli.diffs import painted
    from servespec.cli.narrowing import require_environments
    from servespec.cli.one import find_one
    from servespec.cli.tree import compare
    from servespec.cli.work import analyse

    work = analyse(find_one(next(iter(paths), None), environments))
    if not work.analyses.ok:
        show(render(work.analyses.findings, look("text", sys.stderr)), err=True)
        return Exit.ERRORS
    require_environments([work])
    show(painted(compare(work, *environments), sys.stdout))
    return Exit.OK
