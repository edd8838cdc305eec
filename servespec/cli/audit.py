"""`servespec audit`: what is accepted for too long, or for nothing, for a job that may turn red by itself."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from servespec.cli import options
from servespec.cli.console import Look, chosen, keep, look, render, show
from servespec.cli.exits import Exit, worst
from servespec.cli.find import NotFound, Source, find
from servespec.cli.reading import data_of

if TYPE_CHECKING:
    from servespec.cli.work import Work
    from servespec.diagnostics.types import Findings

EXPIRED = ("suppression-expired", "waiver-expired")
"""The codes of what was accepted until a day."""


@click.command("audit")
@options.paths
@options.environments
@options.formats
def command(paths: tuple[str, ...], environments: tuple[str, ...], formats: tuple[tuple[str, str | None], ...]) -> Exit:
    """Fail if a suppression or a waiver is expired or needless.

    Run it on a schedule: `validate` and `build` only warn about expired ones, so that an unchanged repository never
    starts to fail. Exits with 1 when one has expired or nothing needs it any more, or when a spec has errors. Waivers
    are held against all specs below their servespec.yaml: none is called needless before all of those were looked at.

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
    """The exit code of looking for exceptions that have had their time, after printing them and every error."""
    from servespec.cli.many import analysed_all
    from servespec.diagnostics.types import Findings, Report, Severity

    works, unread = analysed_all(sources)
    told = [
        Findings(each.document, Report(tuple(kept)))
        for work in works
        for each in work.analyses.findings
        if (kept := [d for d in each.report.diagnostics if d.code in EXPIRED or d.severity is Severity.ERROR])
    ]
    told += _idle(works)
    show(render(told, how))
    keep(told, how)
    return worst((unread, Exit.ERRORS if told else Exit.OK))


def _idle(works: Sequence[Work]) -> Iterator[Findings]:
    """What is accepted for nothing. Where not all environments or specs were looked at, nobody knows that."""
    from servespec.cli.work import today
    from servespec.pipeline.idle import idle_suppressions, idle_waivers

    day = today()
    below: dict[str, list[Work]] = {}
    for work in works:
        if work.ok and not work.source.environments:
            yield from idle_suppressions(work.analyses, today=day)
        if work.analyses.root:
            below.setdefault(work.analyses.root.document.path, []).append(work)
    for path, those in below.items():
        folder, root = Path(path).parent, those[0].analyses.root
        if root is None or not root.file or not _are_all(folder, works):
            continue
        others = partial(_may_be_below, folder, {os.path.realpath(path) for work in works for path in work.read})
        found = idle_waivers(root, (work.analyses for work in those), others, today=day)
        if found.report.diagnostics:
            yield found


def _are_all(folder: Path, works: Sequence[Work]) -> bool:
    """Whether all specs below a folder were looked at, in all environments, and have no errors."""
    known = {work.source.path for work in works if work.ok and not work.source.environments}
    try:
        return all(source.path in known for source in find((str(folder),)))
    except NotFound:
        return False  # one that was named, by another name


def _may_be_below(folder: Path, read: Collection[str], name: str) -> bool:
    """Whether a file that was not read may be a spec of that name: only those called serving.yaml are looked for."""
    word = re.escape(name.encode("utf-8", "surrogatepass"))
    for path in folder.rglob("*.y*ml"):
        try:
            data = data_of(path) if path.is_file() and os.path.realpath(path) not in read else b""
        except OSError:
            return True  # it may be anything
        if b"servespec/v" in data and re.search(rb"(?<![\w-])%b(?![\w-])" % word, data):
            return True
    return False
