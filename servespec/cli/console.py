"""Where output goes and how it looks there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

from servespec.records import dataclass

if TYPE_CHECKING:
    from servespec.diagnostics.types import Findings


@dataclass(frozen=True)
class Look:
    """How findings are shown: the format, and for people the colour and the width."""

    format: str
    color: bool
    width: int

    @property
    def key(self) -> str:
        """The same for two runs exactly when they show the same findings alike."""
        return f"{self.format} {self.color} {self.width}"


def look(format_: str, stream: TextIO) -> Look:
    """The look that suits a stream, by the conventions of `servespec.diagnostics.color`."""
    from servespec.diagnostics.color import wanted

    return Look(format_, wanted(stream, os.environ), shutil.get_terminal_size((100, 24)).columns)


def render(findings: Sequence[Findings], how: Look) -> str:
    """The findings as text; empty when there is nothing to say to a person."""
    from servespec.diagnostics import formats

    if how.format != "json" and not any(item.report.diagnostics for item in findings):
        return ""
    return formats.render(how.format, findings, formats.Options(color=how.color, width=how.width))


def show(text: str, *, err: bool = False) -> None:
    """Print text that ends its own lines, colours included as they are."""
    if text:
        stream = sys.stderr if err else sys.stdout
        click.echo(text, file=stream, nl=not text.endswith("\n"), color=True)
