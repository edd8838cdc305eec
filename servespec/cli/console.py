"""Where output goes and how it looks there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

from servespec.cli.options import DOCUMENTS
from servespec.records import dataclass

if TYPE_CHECKING:
    from servespec.diagnostics.types import Findings


@dataclass(frozen=True)
class Look:
    """How findings are shown: the format, and for people the colour and the width."""

    format: str
    color: bool
    width: int
    files: tuple[tuple[str, str], ...] = ()
    """More formats, each with the file that it goes to."""

    @property
    def whole(self) -> bool:
        """Whether one document holds the findings of all specs, so that every spec is looked at."""
        return self.format in DOCUMENTS or bool(self.files)

    @property
    def key(self) -> str:
        """The same for two runs exactly when they show the same findings alike."""
        return f"{self.format} {self.color} {self.width}"


def look(format_: str, stream: TextIO, *, files: tuple[tuple[str, str], ...] = ()) -> Look:
    """The look that suits a stream, by the conventions of `servespec.diagnostics.color`."""
    from servespec.diagnostics.color import wanted

    return Look(format_, wanted(stream, os.environ), shutil.get_terminal_size((100, 24)).columns, files)


def chosen(formats: Sequence[tuple[str, str | None]]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The format for the screen, and those for files. Raises a usage error when the screen is to show several."""
    shown = [name for name, file in formats if file is None]
    if len(shown) > 1:
        raise click.UsageError(f"one format goes to the screen; give the others a file: --format {shown[1]}=FILE")
    return next(iter(shown), "text"), tuple((name, file) for name, file in formats if file is not None)


def render(findings: Sequence[Findings], how: Look) -> str:
    """The findings as text; empty when there is nothing to say to a person."""
    from servespec.diagnostics import formats

    if how.format not in DOCUMENTS and not any(item.report.diagnostics for item in findings):
        return ""
    return formats.render(how.format, findings, formats.Options(color=how.color, width=how.width))


def keep(findings: Sequence[Findings], how: Look) -> None:
    """Write the findings to the files that were asked for, each in its format. Raises OSError."""
    for name, path in how.files:
        text = render(findings, Look(name, color=False, width=how.width))
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def show(text: str, *, err: bool = False) -> None:
    """Print text that ends its own lines, colours included as they are."""
    if text:
        stream = sys.stderr if err else sys.stdout
        click.echo(text, file=stream, nl=not text.endswith("\n"), color=True)
