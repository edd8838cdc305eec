"""`servespec show`: what a spec means in an environment, and who set each value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.console import show
from servespec.cli.exits import Exit

if TYPE_CHECKING:
    from servespec.cli.explaining.values import Known
    from servespec.spans import Document, Place


@click.command("show")
@click.argument("path", required=False, type=click.Path())
@options.environment
@options.form("text", "json")
def command(path: str | None, environment: str | None, format_: str) -> Exit:
    """Show what a spec means, and where each value comes from.

    A value comes from the spec itself, an overlay, the defaults of the root file, or the default of its field; or it is
    derived from other values. Without PATH: ./serving.yaml, else the nearest above.
    """
    from servespec.cli.one import analysed

    work = analysed(path, environment)
    if work is None:
        return Exit.ERRORS
    from servespec.cli.explaining.values import values
    from servespec.reference import schema

    known = list(values(work.analysis, schema.load()))
    document = work.analysis.findings.document
    show(_json(known, document) if format_ == "json" else _text(known, document))
    return Exit.OK


def _text(known: list[Known], document: Document) -> str:
    from servespec.diagnostics.visible import escaped
    from servespec.reference.fields import as_text

    rows = [(f"{item.path}: {escaped(as_text(item.value))}", _from(item, document)) for item in known]
    width = min(max(len(said) for said, _ in rows), 60)
    return "".join(f"{said:<{width}}  {origin}\n" for said, origin in rows)


def _from(item: Known, document: Document) -> str:
    origin = item.origin
    words = [f"{origin.kind}, {_place(origin.place, document)}" if origin.place else str(origin.kind)]
    words += (f"over {_place(place, document)}" for place in origin.overrides)
    return ", ".join(words)


def _place(place: Place, document: Document) -> str:
    position = document.texts[place.value.path].position(place.value.start)
    return f"{place.value.path}:{position.line}:{position.column}"


def _json(known: list[Known], document: Document) -> str:
    import json

    rows = [
        {
            "path": item.path,
            "value": item.value,
            "from": str(item.origin.kind),
            "place": _place(item.origin.place, document) if item.origin.place else None,
            "overrides": [_place(place, document) for place in item.origin.overrides],
        }
        for item in known
    ]
    return json.dumps({"version": 1, "values": rows}, indent=2) + "\n"
