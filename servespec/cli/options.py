"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
DOCUMENTS = ("json", "sarif", "gitlab", "junit")
"""The formats that are one document for all specs, and one also when there is nothing to say."""


def _formats(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str | None], ...]:
    """Each `NAME` or `NAME=FILE`: the format, and the file that it goes to; None for the screen."""
    found = []
    for value in values:
        name, equals, file = value.partition("=")
        if name not in FORMATS or (equals and not file):
            raise click.BadParameter(f"{value!r} is none of {', '.join(FORMATS)}, nor one of them with '=FILE'")
        found.append((name, file or None))
    return tuple(found)


paths = click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATHS]...")
formats = click.option(
    "--format",
    "formats",
    callback=_formats,
    shell_complete=lambda ctx, param, begun: [name for name in FORMATS if name.startswith(begun)],
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"How to show findings: {', '.join(FORMATS)}. With a file they go there besides; repeatable.  [default: text]",
)

environments = click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    metavar="ENV",
    help="Only this environment; repeatable.  [default: all that the spec has]",
)

two_environments = click.option(
    "-e", "--env", "environments", multiple=True, metavar="ENV", help="One of the two environments; given twice."
)

locked = click.option(
    "--locked", is_flag=True, help="Refuse what serving.lock does not have, or has otherwise; and that there is none."
)

since = click.option(
    "--since",
    metavar="REF",
    help="Only specs of which something has changed since this commit of git, committed or not.",
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
