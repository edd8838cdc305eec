"""`servespec completion`: the script that makes a shell complete commands and options."""

from __future__ import annotations

import click

from servespec.cli.exits import Exit

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> Exit:
    """Print a completion script for your shell.

    \b
    bash, in ~/.bashrc: eval "$(servespec completion bash)"
    zsh, in ~/.zshrc: eval "$(servespec completion zsh)"
    fish, in ~/.config/fish/config.fish: servespec completion fish | source
    """
    from click.shell_completion import get_completion_class

    from servespec.cli.main import group

    kind = get_completion_class(shell)
    assert kind is not None, shell
    click.echo(kind(group, {}, "servespec", "_SERVESPEC_COMPLETE").source())
    return Exit.OK
