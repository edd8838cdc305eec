"""What a command says while something runs, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import click

from servespec import writer
from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.diagnostics.visible import escaped
from servespec.edge.engine import NoEngine
from servespec.edge.process import Terminated, terminable
from servespec.running.cannot import CannotRun
from servespec.running.place import Missing
from servespec.running.server import Server, Tell


def ended(work: Callable[[], Exit]) -> Exit:
    """The exit code of what runs until it ends by itself or is terminated; as `explained` has it when it can't run."""
    try:
        with terminable():
            return explained(work)
    except Terminated:
        return Exit.OK


def explained(work: Callable[[], Exit]) -> Exit:
    """The exit code of work that needs a server, an engine or a Python; what of them is not there is said."""
    try:
        return work()
    except (CannotRun, Missing, NoEngine, writer.WriteFailed) as problem:
        show(f"servespec: {problem}", err=True)
        return Exit.WORLD


def stop(server: Server, name: str) -> None:
    """End the server, whatever becomes of our words: where the terminal or the pipe was closed, they have no reader."""
    try:
        if not server.ended():
            _say(f"stopping {name}")
    finally:
        orderly = server.stop()
    if not orderly:
        _say(f"servespec: {name} did not stop in time, and was ended by force")


def _say(text: str) -> None:
    with suppress(OSError):
        show(text, err=True)


def teller(name: str) -> Tell:
    """Takes the lines that a server logs, and shows each with its name."""
    lock = threading.Lock()

    def tell(line: str) -> None:
        with lock:
            click.echo(f"{name} | {escaped(line)}", err=True)

    return tell
