"""The one spec, in the one environment, that a command works on."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from servespec.cli.console import look, render, show
from servespec.cli.find import NotFound, Source, find

if TYPE_CHECKING:
    from servespec.cli.work import Work


def find_one(path: str | None, environments: Iterable[str]) -> Source:
    """The spec that `path` means, narrowed to some environments."""
    try:
        sources = find((path,) if path is not None else (), environments)
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    if len(sources) > 1:
        raise click.UsageError(f"there are {len(sources)} specs in {path}; name one of them")
    return sources[0]


def analysed(path: str | None, environment: str | None) -> Work | None:
    """The spec at `path`, after showing what was found in it; None when it has errors."""
    from servespec.cli.narrowing import require_environments
    from servespec.cli.work import analyse
    from servespec.diagnostics.suggest import one_of

    work = analyse(find_one(path, (environment,) if environment is not None else ()))
    if not work.analyses.ok:
        show(render(work.analyses.findings, look("text", sys.stderr)), err=True)
        return None
    require_environments([work])
    if len(work.analyses.each) > 1:
        names = one_of([str(analysis.environment) for analysis in work.analyses.each], "and")
        raise click.UsageError(f"{work.source.shown} has the environments {names}; name one of them with -e")
    return work
