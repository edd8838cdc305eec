"""`servespec init`: the first spec, from what stands in a folder."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit
from servespec.cli.find import SPEC, find
from servespec.cli.schema import put

if TYPE_CHECKING:
    from servespec.cli.starting.asking import Given


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--name", help="The name of the service.  [default: from that of the folder]")
@click.option("--pattern", help="How the model is served.  [default: realtime]")
@click.option("--format", "format_", help="The format of the model.  [default: by its files]")
@click.option("--uri", help="The path of the model, relative to FOLDER.")
@click.option("--code", help="The Python file with the model's class, if it is not model.py beside the weights.")
@click.option("--server", help="The model server.  [default: by the format]")
@click.option("--yes", is_flag=True, help="Ask nothing; use what was found.")
@click.option("--force", is_flag=True, help=f"Overwrite an existing {SPEC}.")
def command(
    folder: Path,
    name: str | None,
    pattern: str | None,
    format_: str | None,
    uri: str | None,
    code: str | None,
    server: str | None,
    yes: bool,
    force: bool,
) -> Exit:
    """Write a serving.yaml for the model in a folder.

    It proposes what it finds in FOLDER, and asks about the rest. Without a terminal it asks nothing: what it can't find
    must be given by an option.
    """
    from servespec.cli.starting.asking import Given
    from servespec.diagnostics.visible import escaped

    path = folder / SPEC
    if os.path.lexists(path) and not force:
        click.echo(f"servespec: {escaped(os.path.relpath(path))} is there already; --force replaces it", err=True)
        return Exit.REFUSED
    asks = not yes and sys.stdin.isatty()
    return _write(path, Given(name, pattern, format_, uri, code, server, asks))


def _write(path: Path, given: Given) -> Exit:
    from servespec.cli.starting.asking import choose
    from servespec.cli.starting.looking import look as look_at
    from servespec.cli.starting.writing import spec_text
    from servespec.diagnostics.visible import escaped
    from servespec.edge.putting import save

    text = spec_text(choose(given, look_at(path.parent, given.uri)))
    save(path, text.encode())
    click.echo(f"wrote {escaped(os.path.relpath(path))}", err=True)
    put(path.parent)
    return _told(path)


def _told(path: Path) -> Exit:
    """What `validate` says of the new spec, and what to type next."""
    from servespec.cli.work import analyse

    source = find([str(path)])[0]
    analyses = analyse(source).analyses
    show(render(analyses.findings, look("text", sys.stderr)), err=True)
    click.echo(f"next:\n  servespec {'build' if analyses.ok else 'validate'} {shlex.quote(source.shown)}")
    return Exit.OK
