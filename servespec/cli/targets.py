"""`servespec targets`: what each target makes of each field."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.console import show
from servespec.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from servespec.pipeline import Sound
    from servespec.reference.matrix import Row
    from servespec.reference.schema import Schema

_MARKS = {"kept": "=", "approximated": "~", "dropped": "x", "unrelated": "."}


@click.command("targets")
@click.argument("spec", required=False, type=click.Path())
@options.environment
@options.form("text", "json", "markdown")
def command(spec: str | None, environment: str | None, format_: str) -> Exit:
    """Show what each target makes of each field.

    With a SPEC: only the fields that it uses, and the targets that it is compiled to.
    """
    from servespec.reference import schema
    from servespec.reference.matrix import matrix

    whole = schema.load()
    if spec is None and environment is None:
        rows: Sequence[Row] = matrix(whole)
    else:
        found = _of_spec(whole, spec, environment)
        if found is None:
            return Exit.ERRORS
        rows = found
    show({"text": _text, "json": _json, "markdown": _markdown}[format_](rows, _names(rows)))
    return Exit.OK


def _of_spec(whole: Schema, spec: str | None, environment: str | None) -> Sequence[Row] | None:
    from servespec.cli.one import analysed
    from servespec.pipeline import targets_of
    from servespec.reference.matrix import matrix, written_fields

    work = analysed(spec, environment)
    if work is None:
        return None
    analysis = work.analysis
    names = [target.name for target in targets_of(analysis.deployment)]
    return matrix(_narrowed(whole, analysis), targets=names, written=written_fields(whole, analysis.findings.document))


def _narrowed(whole: Schema, analysis: Sound) -> Schema:
    """The schema with the answers of targets as they are for this spec, its options and its platform."""
    from servespec.pipeline import targets_of
    from servespec.reference.schema import TARGETS
    from servespec.targets.capabilities import narrowed

    deployment, tables = analysis.deployment, dict(whole[TARGETS])
    for target in targets_of(deployment):
        given = target.options_in(analysis.options)
        rows = narrowed(target, deployment, given).supports
        said = {field: (support.degree.value, support.reason) for field, support in rows.items()}
        tables[target.name] = {**tables[target.name], "supports": said}
    return {**whole, TARGETS: tables}


def _names(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(answer.target for answer in rows[0].answers)


def _text(rows: Sequence[Row], names: Sequence[str]) -> str:
    """A column for each target, under its number, and below it every reason for what is not kept."""
    from servespec.cli.tell import some
    from servespec.reference.matrix import losses

    numbers = {name: str(number) for number, name in enumerate(names, 1)}
    width = max(len(row.field) for row in rows) + 2
    lines = [f"{number:>3} {name}" for name, number in numbers.items()]
    lines += ["", "= kept   ~ approximated   x dropped   . none of the target's", ""]
    lines.append(" " * width + " ".join(f"{number:>2}" for number in numbers.values()))
    lines += [
        row.field.ljust(width) + " ".join(f"{_MARKS[answer.degree]:>2}" for answer in row.answers) for row in rows
    ]
    lost = losses(rows)
    lines += ["", *(f"{some(names)}  in {answer.target}  {answer.degree}: {answer.reason}" for names, answer in lost)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _json(rows: Sequence[Row], names: Sequence[str]) -> str:
    table = {row.field: {answer.target: _answer(asdict(answer)) for answer in row.answers} for row in rows}
    return json.dumps({"targets": list(names), "fields": table}, indent=2, ensure_ascii=False) + "\n"


def _answer(given: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in given.items() if key != "target" and value}


def _markdown(rows: Sequence[Row], names: Sequence[str]) -> str:
    from servespec.reference.markdown import code, table
    from servespec.reference.matrix import degree_words

    return table(("field", *names), ((code(row.field), *map(degree_words, row.answers)) for row in rows))
