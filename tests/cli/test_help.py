"""Help: every command has some, and the overview says what the commands say themselves."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import click
import pytest

from servespec import __version__
from servespec.cli.main import COMMANDS, SECTIONS, group
from tests.projects import servespec


def _command(name: str) -> click.Command:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_s_help(tmp_path: Path, name: str) -> None:
    """`--help` and `-h` tell how a command is called, and explain each of its options."""
    done = servespec(tmp_path, name, "--help")
    assert (done.exit, done.err) == (0, "")
    assert done.out.startswith("Usage: ")
    assert done == servespec(tmp_path, name, "-h")
    for parameter in _command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert " ".join(parameter.help.split()) in " ".join(done.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_command_says(name: str) -> None:
    """The overview is a table, so that it loads no command; its lines are the first lines of the commands' help."""
    first, *_ = inspect.cleandoc(_command(name).help or "").splitlines()
    assert COMMANDS[name] == first


def test_the_overview(tmp_path: Path) -> None:
    """It lists every command in its section, in the order in which a new user needs them, and breaks no line."""
    out = servespec(tmp_path, "--help").out
    for title, commands in SECTIONS.items():
        rows = out.partition(f"{title}:\n")[2].partition("\n\n")[0].splitlines()
        assert [row.split(maxsplit=1) for row in rows] == [[name, line] for name, line in commands.items()]


def test_every_module_of_a_command_is_listed() -> None:
    """A command that is written and not in the table could never be called."""
    folder = Path(inspect.getfile(group.__class__)).parent
    written = {
        path.stem for path in folder.glob("*.py") if re.search(r'\n@click\.(command|group)\("', path.read_text())
    }
    assert written == set(COMMANDS)


def test_the_version(tmp_path: Path) -> None:
    """Name and version, and nothing else."""
    assert servespec(tmp_path, "--version").out == f"servespec {__version__}\n"


def test_no_command_at_all(tmp_path: Path) -> None:
    """Who calls it without anything is shown what there is."""
    done = servespec(tmp_path)
    assert all(f"{title}:" in done.out + done.err for title in SECTIONS)
