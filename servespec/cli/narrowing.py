"""Environments that were asked for: each must be one of a spec that was named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import click

from servespec.cli.find import Source
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.visible import escaped


class Looked(Protocol):
    """A spec that was looked at."""

    @property
    def source(self) -> Source:
        """Which one."""

    @property
    def ok(self) -> bool:
        """Whether it can be built."""

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that it has."""


def require_environments(works: Sequence[Looked], *, known: Collection[str] = ()) -> None:
    """UsageError unless each environment that was asked for is one of some spec, or `known` of others.

    Specs that lack it are passed over.

    Where a spec has errors it is not known which environments it has.
    """
    if not all(work.ok for work in works):
        return
    known = {*known, *(name for work in works for name in work.environments)}
    for name in sorted({name for work in works for name in work.source.environments} - known):
        near = closest(name, known)
        there = f"; there is {one_of(sorted(known), 'and')}" if known else f"; {works[0].source.shown} has none"
        raise click.UsageError(
            f"there is no environment `{escaped(name)}`" + (f"; did you mean `{near}`?" if near else there)
        )
