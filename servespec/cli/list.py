"""`servespec list`: what there is to check, build and run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.asked import ChangedSince
from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NoneBelow, NotFound, find
from servespec.cli.neighbours import Neighbours, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servespec.cli.listing import Listed


@click.command("list")
@options.paths
@options.environments
@options.since
@options.form("text", "json")
def command(paths: tuple[str, ...], environments: tuple[str, ...], since: str | None, format_: str) -> Exit:
    """List specs and what each of them runs.

    The table has for each environment its owner, its model servers, the resources that all its copies request together,
    and its images. `--format json` prints a list of the specs, as the matrix of a CI job takes it. A spec with errors
    is left out, and the exit code is 1.

    PATHS are specs, or folders: those stand for every serving.yaml below them. Without PATHS: ./serving.yaml, else the
    nearest above.
    """
    try:
        sources = find(paths, environments)
    except NoneBelow:
        sources = []  # a matrix may be empty
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    from servespec.cli.listing import listed
    from servespec.cli.many import analysed_all

    wanted = numbered(sources, ChangedSince(since) if since is not None else None, Neighbours())
    works, unread = analysed_all(wanted.values())
    broken = [item for work in works if not work.analyses.ok for item in work.analyses.findings]
    show(render(broken, look("text", sys.stderr)), err=True)
    found = [listed(work) for work in works if work.analyses.sound]
    show(_json(found) if format_ == "json" else _text(found))
    return worst((unread, Exit.ERRORS if broken else Exit.OK))


def _json(found: Sequence[Listed]) -> str:
    """One line, since a step of a CI job hands it on as the value of an output."""
    import json

    return json.dumps([item.as_data() for item in found]) + "\n"


def _text(found: Sequence[Listed]) -> str:
    from servespec.cli.listing import HEAD
    from servespec.diagnostics.visible import cells, escaped

    if not found:
        return ""
    table = [list(map(escaped, row)) for row in (HEAD, *(row for item in found for row in item.rows()))]
    widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
    lines = (
        "  ".join(cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)) for row in table
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)
