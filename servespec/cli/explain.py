"""`servespec explain`: a rule, a field, or a line of an emitted file."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servespec.cli.console import look, render, show
from servespec.cli.exits import Exit
from servespec.cli.find import SPEC, NotFound, Source, find

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_JOINT = re.compile(r"[-_\s]")


def _things(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    from servespec.cli import completing  # start-up: only for a shell that asks

    return completing.explained(ctx, param, begun)


@click.command("explain")
@click.argument("thing", metavar="CODE|FIELD|FILE:LINE", shell_complete=_things)
@click.option(
    "--spec", metavar="SPEC", help=f"The spec that FILE is compiled from.  [default: the nearest {SPEC} above it]"
)
def command(thing: str, spec: str | None) -> Exit:
    """Explain a rule, a field, or a line of the output.

    \b
    servespec explain unpinned-image
    servespec explain runtime.workers
    servespec explain deploy/fraud-detector/compose/compose.yaml:18
    """
    path, colon, number = thing.rpartition(":")
    if colon and number.isascii() and number.isdigit():
        return _line(Path(os.path.abspath(path)), int(number), spec=spec)
    return _page(thing)


def _page(thing: str) -> Exit:
    from servespec.cli.explaining.pages import field_page, rule_page
    from servespec.reference import fields, schema
    from servespec.reference.rules import rules

    known = rules()
    if thing in known:
        show(rule_page(known[thing]))
        return Exit.OK
    wholes = (schema.load(), schema.load_root())
    for whole in wholes:
        if field := fields.find(whole, thing):
            show(field_page(field, whole))
            return Exit.OK
    everything = {path: field.children for whole in wholes for path, field in fields.fields(whole).items()}
    raise click.UsageError(_unknown(thing, list(known), everything))


def _unknown(thing: str, codes: list[str], everything: Mapping[str, Sequence[str]]) -> str:
    """What to say of a name that no rule has and no field; `everything` is each field with those below it."""
    from servespec.diagnostics.suggest import closest
    from servespec.diagnostics.visible import escaped

    if Path(thing).is_file():
        return f"to explain a line of {thing}, write {thing}:LINE"
    # The codes of rules are of several words: one word is none of them.
    known = [*(codes if _JOINT.search(thing) else ()), *everything]
    likely = closest(thing, known) or _by_last_name(thing, known)
    near = _of_that_name(thing, known) or ([likely] if likely else [])
    hint = f"did you mean {' or '.join(repr(name) for name in near)}?" if near else _where(thing, everything)
    return f"there is no rule or field '{escaped(thing)}'; {hint}"


def _where(thing: str, everything: Mapping[str, Sequence[str]]) -> str:
    """Where the right name stands: in the block that is named, else in one of the lists."""
    block = re.sub(r"\[[^]]*\]", "", thing.rpartition(".")[0])
    if below := everything.get(block):
        return f"the fields of {block} are {', '.join(below)}"
    return "schema/reference.md lists every field, schema/diagnostics.md every rule"


def _of_that_name(thing: str, known: list[str]) -> list[str]:
    """The paths of the fields that bear the name in some block, those near the top first; no more than a few."""
    same = [path for path in known if path.rpartition(".")[2] == thing]
    return sorted(same, key=lambda path: path.count("."))[:3]


def _by_last_name(thing: str, known: list[str]) -> str | None:
    """The path of the field that bears, without its block, the name that was probably meant."""
    from servespec.diagnostics.suggest import closest

    paths = {path.rpartition(".")[2]: path for path in reversed(known)}
    return paths.get(closest(thing, paths) or "")


def _line(path: Path, number: int, *, spec: str | None) -> Exit:
    from servespec.cli.explaining.lines import Unexplained, explain_line, find_emitted
    from servespec.cli.work import analyse

    work = analyse(_source(path, spec))
    if not work.analyses.ok:
        show(render(work.analyses.findings, look("text", sys.stderr)), err=True)
        return Exit.ERRORS
    try:
        show(explain_line(find_emitted(work, path), number))
    except Unexplained as reason:
        raise click.UsageError(str(reason)) from None
    return Exit.OK


def _source(path: Path, spec: str | None) -> Source:
    """The spec that was named, else the nearest one above the file."""
    above = next((str(folder / SPEC) for folder in path.parents if (folder / SPEC).is_file()), None)
    if spec is None and above is None:
        raise click.UsageError(f"there is no {SPEC} above {os.path.relpath(path)}; name it with --spec")
    try:
        return find([spec or str(above)])[0]
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
