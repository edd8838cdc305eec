"""The one spec that a command works on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from servespec.cli.console import look, render, show
from servespec.cli.find import NotFound, find

if TYPE_CHECKING:
    from servespec.cli.work import Work


def analysed(path: str | None) -> Work | None:
    """The spec at `path`, after showing what was found in it; None when it has errors."""
    from servespec.cli.work import analyse

    try:
        sources = find((path,) if path is not None else ())
    except NotFound as missing:
        raise click.UsageError(str(missing)) from None
    if len(sources) > 1:
        raise click.UsageError(f"there are {len(sources)} specs in {path}; name one of them")
    work = analyse(sources[0])
    if not work.analysis.ok:
        show(render([work.analysis.findings], look("text", sys.stderr)), err=True)
        return None
    return work
