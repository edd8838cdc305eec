"""`servespec audit`: the dates that have passed, for a job that may turn red by itself."""

from __future__ import annotations

import sys

import click

from servespec.cli import options
from servespec.cli.console import Look, chosen, keep, look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, Source, find

EXPIRED = ("suppression-expired", "waiver-expired")
"""The codes of what was accepted until a day."""


@click.command("audit")
@options.paths
@options.environments
@options.formats
def command(paths: tuple[str, ...], environments: tuple[str, ...], formats: tuple[tuple[str, str | None], ...]) -> Exit:
    """Fail if a suppression or a waiver has expired.

    Run it on a schedule: `validate` and `build` only warn about expired ones, so that an unchanged repository never
    starts to fail. Exits with 1 when one has expired, or when a spec has errors.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    try:
        sources = find(paths, environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    name, files = chosen(formats)
    return audit(sources, look(name, sys.stdout, files=files))


def audit(sources: list[Source], how: Look) -> Exit:
    """The exit code of looking for days that have passed, after printing them and every error."""
    from servespec.cli.many import analysed_all
    from servespec.diagnostics.types import Findings, Report, Severity

    works, unread = analysed_all(sources)
    told = [
        Findings(each.document, Report(tuple(kept)))
        for work in works
        for each in work.analyses.findings
        if (kept := [d for d in each.report.diagnostics if d.code in EXPIRED or d.severity is Severity.ERROR])
    ]
    show(render(told, how))
    keep(told, how)
    return worst((unread, Exit.ERRORS if told else Exit.OK))
