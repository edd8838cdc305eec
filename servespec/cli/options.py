"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
DOCUMENTS = ("json", "sarif", "gitlab", "junit")
"""The formats that are one document for all specs, and one also when there is nothing to say."""


def _environments(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
    from servespec.cli import completing  # start-up: only for a shell that asks

    return completing.environments(ctx, param, begun)


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
    help=f"Format of the findings: {', '.join(FORMATS)}. With =FILE they are also written there; repeatable."
    "  [default: text]",
)

environments = click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    metavar="ENV",
    shell_complete=_environments,
    help="Only this environment; repeatable.  [default: all of the spec]",
)

two_environments = click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    metavar="ENV",
    shell_complete=_environments,
    help="An environment to compare; give two.",
)

locked = click.option(
    "--locked", is_flag=True, help="Fail unless serving.lock exists and matches everything that is pinned."
)

since = click.option(
    "--since",
    metavar="REF",
    help="Only specs that changed since this git commit; uncommitted changes count.",
)

environment = click.option(
    "-e",
    "--env",
    "environment",
    metavar="ENV",
    shell_complete=_environments,
    help="The environment; needed if the spec has several.",
)


def form(*names: str) -> Callable[[_F], _F]:
    """Adds `--format`, which takes one of the names; without it, it is the first."""
    return click.option(
        "--format", "format_", type=click.Choice(names), default=names[0], show_default=True, help="Output format."
    )


def output(command: _F) -> _F:
    """Adds `-o DIR`."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Output folder; outside the project, no image can be built.  [default: deploy/ beside the spec]",
    )(command)
