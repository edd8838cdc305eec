"""`servespec schema`: the JSON Schema of serving.yaml, for people and for their editors."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from servespec.cli import options
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, find

COPY = Path(".servespec", "serving.schema.json")
"""Where the schema's copy is beside a spec, as the first line of a spec names it."""


@click.command("schema")
@options.paths
@click.option("--write", is_flag=True, help=f"Write it to {COPY} beside each spec, where editors look for it.")
def command(paths: tuple[str, ...], write: bool) -> Exit:
    """Print the JSON Schema of serving.yaml.

    With --write it is written beside the specs at PATHS; without PATHS, beside ./serving.yaml, else the nearest above.
    """
    from servespec.reference import schema

    if not write:
        if paths:
            raise click.UsageError("PATHS are for --write")
        click.echo(schema.text(), nl=False)
        return Exit.OK
    try:
        folders = dict.fromkeys(source.project for source in find(paths))
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    return worst([put(folder) for folder in folders])


def put(folder: Path) -> Exit:
    """Put the copy for a project folder, and tell. A file there that is not such a copy stays as it is."""
    from servespec.diagnostics.visible import escaped
    from servespec.edge.gather import leads_out
    from servespec.edge.putting import save
    from servespec.reference import schema

    path = folder / COPY
    shown = escaped(os.path.relpath(path))
    if leads_out(path, folder):
        click.echo(f"servespec: {shown} is behind a link to the outside, and was left alone", err=True)
        return Exit.REFUSED
    if os.path.lexists(path) and not _is_copy(path, schema.ID):
        click.echo(f"servespec: {shown} is not the schema of servespec, and was left alone", err=True)
        return Exit.REFUSED
    path.parent.mkdir(exist_ok=True)
    save(path, schema.text().encode())
    click.echo(f"wrote {shown}", err=True)
    return Exit.OK


def _is_copy(path: Path, identity: str) -> bool:
    if not path.is_file():
        return False
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("$id") == identity
