"""`servespec ci`: a pipeline for the specs of a repository."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from servespec.cli import options
from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, find
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.visible import escaped


@click.command("ci")
@click.argument("system", type=click.Choice(("github", "gitlab")))
@options.paths
def command(system: str, paths: tuple[str, ...]) -> Exit:
    """Print a CI pipeline for GitHub or GitLab.

    \b
    servespec ci github > .github/workflows/servespec.yml

    The pipeline runs `build --check` for each change. On the main branch it builds the images that are not in their
    registry yet, and pushes them. On a schedule it runs `audit`. Without PATHS it is for all specs of the repository.
    """
    from servespec.cli.jobs import PRINTED, Pipeline, foreign_platforms, refused, registries, secrets
    from servespec.cli.listing import listed
    from servespec.cli.many import analysed_all
    from servespec.cli.tell import some
    from servespec.edge.branch import main_branch
    from servespec.edge.gather import repository

    root = repository(Path.cwd())
    places = _from(root, paths)
    try:
        sources = find(paths or (os.path.relpath(root),))
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    works, unread = analysed_all(sources)
    broken = not all(work.analyses.ok for work in works)
    if broken:
        findings = [item for work in works for item in work.analyses.findings]
        show(render(findings, look("text", sys.stderr)), err=True)
    if broken or unread:
        return worst((unread, Exit.ERRORS if broken else Exit.OK))
    specs = [listed(work) for work in works]
    hosts = registries(specs)
    if not hosts:
        show("servespec: no job builds images, since no spec names a registry in `image.repository`", err=True)
    for spec, untold in refused(specs):
        show(
            f"servespec: the job for images will refuse {spec}, since a tag does not follow {some(untold)}: "
            "run `servespec lock` and `servespec build`, and commit what they write",
            err=True,
        )
    if foreign := foreign_platforms(specs):
        show(
            f"servespec: the job for images builds for {one_of(foreign, 'and')}, which takes QEMU and an engine with "
            "the containerd image store there: add the steps that set them up",
            err=True,
        )
    show(PRINTED[system](Pipeline(places, hosts, secrets(specs), main_branch(root))))
    return Exit.OK


def _from(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """The paths as a job writes them, which starts at the repository's root and takes one a line."""
    if unfit := [path for path in paths if not path.isprintable()]:
        raise click.UsageError(f"{escaped(unfit[0])} is no line of a pipeline; name a folder above it")
    return tuple(dict.fromkeys(os.path.relpath(path, root) for path in paths)) or (os.curdir,)
