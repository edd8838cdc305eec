"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("text", "concise", "json")

paths = click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
format_ = click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True, help="How to show findings."
)

environments = click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    metavar="ENV",
    help="Only this environment; repeatable.  [default: all that the spec has]",
)

environment = click.option(
    "-e", "--env", "environment", metavar="ENV", help="The environment, where the spec has several."
)


def output(command: _F) -> _F:
    """Adds `-o DIR`."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Where the files go.  [default: deploy/ beside the spec]",
    )(command)
