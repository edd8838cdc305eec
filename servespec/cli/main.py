"""The command line: which commands there are, and what becomes of everything that can go wrong in one."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from servespec import __version__
from servespec.cli.exits import Exit

SECTIONS = {
    "Write and compile": {
        "init": "Write a serving.yaml for the model in a folder.",
        "validate": "Show every mistake in specs.",
        "build": "Compile specs into the files that serve them.",
        "lock": "Pin images, models and requirements in serving.lock.",
        "image": "Build and push the images of specs.",
        "ci": "Print a CI pipeline for GitHub or GitLab.",
    },
    "Run and test": {
        "run": "Run a spec on this machine.",
        "smoke": "Send a spec's examples to the running service.",
    },
    "Look up": {
        "list": "List specs and what each of them runs.",
        "show": "Show what a spec means, and where each value comes from.",
        "diff": "Compare what two environments compile to.",
        "explain": "Explain a rule, a field, or a line of the output.",
        "inspect": "Show what a model's own files say.",
        "audit": "Fail if a suppression or a waiver is expired or needless.",
        "targets": "Show what each target makes of each field.",
        "schema": "Print the JSON Schema of serving.yaml.",
        "completion": "Print a completion script for your shell.",
    },
}
"""Names and one-line helps, kept here so that `--help` loads no command. A test holds them together."""

COMMANDS = {name: line for section in SECTIONS.values() for name, line in section.items()}


class Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a new user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"servespec.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for a name that is nearly right."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from servespec.diagnostics.suggest import closest

            near = closest(args[0], tuple(COMMANDS))
            hint = f" Did you mean '{near}'?" if near else ""
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, from the table alone, with one margin for all sections."""
        margin = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(margin), line) for name, line in commands.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="servespec", message="%(prog)s %(version)s")
def group() -> None:
    """Compile one serving.yaml into everything it takes to serve a model."""


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one call of the command line. Nothing that happens in it gets out as a traceback."""
    try:
        result = group.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _told(Exit.INTERRUPTED, lambda: click.echo("interrupted", err=True))
    except click.ClickException as problem:
        return _told(Exit.USAGE, problem.show)
    except SystemExit:
        # Click leaves like this, with 1, when whoever reads our output has seen enough and closed it.
        return Exit.WORLD
    except OSError as failure:
        said = sentence(failure)
        return _told(Exit.WORLD, lambda: click.echo(f"servespec: {said}", err=True))
    except Exception as bug:
        from servespec.cli.bug import report
        from servespec.targets.plugins import Unusable

        if isinstance(bug, Unusable):
            words = f"servespec: {bug}"
            return _told(Exit.WORLD, lambda: click.echo(words, err=True))
        said = report(bug)
        return _told(Exit.BUG, lambda: click.echo(said, err=True))
    return result if isinstance(result, int) else Exit.OK


def _told(code: Exit, tell: Callable[[], None]) -> Exit:
    """The exit code, also where nobody can be told why: on a full disk the errors may go to a file as well."""
    with suppress(OSError):
        tell()
    return code


def sentence(failure: OSError) -> str:
    """What the system could not do, and to what."""
    from servespec.diagnostics.visible import escaped  # start-up: only for a mistake

    reason = failure.strerror or str(failure)
    return f"{reason}: {escaped(str(failure.filename))}" if failure.filename else reason


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    _open_closed_streams()
    # Start-up: what is made first lives to the end; looking through it time and again costs a short run a tenth of
    # its time. A long run is still kept clean.
    gc.set_threshold(100_000)
    sys.exit(run())


def _open_closed_streams() -> None:
    """Lets what is written to a stream that the caller closed (`>&-`) vanish; a file would else get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
