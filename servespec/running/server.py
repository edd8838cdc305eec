"""What every run of a server offers, whatever it runs in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from servespec.edge.process import Ran

Tell: TypeAlias = Callable[[str], None]
"""Takes one line at a time: what the server logs."""


class Server(Protocol):
    """A server that was started."""

    def health(self, *, timeout: float) -> Ran:
        """What its health check says: 0 when the model answers."""

    def ended(self) -> str:
        """How it ended, in words; empty while it runs."""

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or earlier when it ends."""

    def read(self, name: str) -> str:
        """A file in its first writable folder. Raises OSError when it is not there."""

    def stop(self) -> bool:
        """End it; whether it did so by itself in the time that it has."""
