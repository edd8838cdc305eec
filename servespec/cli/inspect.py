"""`servespec inspect`: what a model's own files say, without its framework and without running any of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.exits import Exit

if TYPE_CHECKING:
    from servespec.models import Face, Inspection, Unknown


@click.command("inspect")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@options.form("text", "json")
def command(path: Path, format_: str) -> Exit:
    """Show what a model's own files say.

    PATH is a file, or a folder such as a SavedModel or an MLflow model. Nothing in it is loaded or run.
    """
    from servespec.diagnostics.visible import escaped
    from servespec.inspection.disk import inspect
    from servespec.models import Unknown

    found = inspect(path)
    if format_ == "json":
        click.echo(json.dumps(_data(path, found), indent=2))
    elif isinstance(found, Unknown):
        click.echo(f"servespec: {escaped(str(path))} {escaped(found.reason)}", err=True)
    else:
        click.echo("".join(f"{line}\n" for line in _lines(found)), nl=False)
    return Exit.ERRORS if isinstance(found, Unknown) else Exit.OK


def _data(path: Path, found: Inspection | Unknown) -> dict[str, object]:
    return {"path": str(path), **asdict(found)}


def _lines(found: Inspection) -> list[str]:
    """A line for each thing that is known, in two columns."""
    from servespec.diagnostics.visible import cells, escaped

    rows = [(escaped(label), escaped(str(value))) for label, value in _rows(found)]
    width = max(cells(label) for label, _ in rows) + 2
    return [label + " " * (width - cells(label)) + value for label, value in rows]


def _rows(found: Inspection) -> list[tuple[str, str | int]]:
    signature, framework = found.signature, found.framework
    return [
        ("kind", found.kind),
        *([("format", found.format)] if found.format else []),
        *([("framework", f"{framework.name} {framework.version}")] if framework else []),
        *(("package", f"{package.name} {package.version}") for package in found.packages),
        *(("input", text) for text in (_face(signature.inputs) if signature else ())),
        *(("output", text) for text in (_face(signature.outputs) if signature and signature.outputs else ())),
        *found.details,
        *(("hazard", f"{hazard.subject}: {hazard.reason}") for hazard in found.hazards),
    ]


def _face(face: Face) -> list[str]:
    columns = [" ".join(filter(None, (column.name, column.datatype))) for column in face.columns]
    tensors = (
        (tensor.name, tensor.datatype, str(list(tensor.shape)) if tensor.shape else "") for tensor in face.tensors
    )
    return columns + [" ".join(filter(None, tensor)) for tensor in tensors]
