"""Environments that were asked for: each must be one of a spec that was named."""

from __future__ import annotations

from collections.abc import Sequence

import click

from servespec.cli.work import Work
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.visible import escaped


def require_environments(works: Sequence[Work]) -> None:
    """UsageError unless each environment that was asked for is one of some spec. Specs that lack it are passed over.

    Where a spec has errors it is not known which environments it has.
    """
    if not all(work.analyses.ok for work in works):
        return
    known = {name for work in works for name in work.analyses.environments}
    for name in sorted({name for work in works for name in work.source.environments} - known):
        near = closest(name, known)
        there = f"; there is {one_of(sorted(known), 'and')}" if known else f"; {works[0].source.shown} has none"
        raise click.UsageError(
            f"there is no environment `{escaped(name)}`" + (f"; did you mean `{near}`?" if near else there)
        )
