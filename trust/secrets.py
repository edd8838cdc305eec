"""No secret is shown or kept: canaries where one could stand, and everything that servespec then prints and writes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from trust.canaries import commands, texts
from trust.canaries.leaks import Found
from trust.rows import Row, Scale


def run(scale: Scale) -> Iterator[Row]:
    """A row for each kind of place."""
    yield _row("a secret in a text of the spec is refused at its line, and never shown", lambda: texts.tried(scale))
    yield _row("nor by what it is called, also where the spec can't be read", texts.named)
    yield _row("secrets of the environment, of files and of logins stay there", commands.tried)
    yield _row("a bug in servespec tells none", commands.broken)


def _row(what: str, tried: Callable[[], Found]) -> Row:
    began = time.monotonic()
    found = tried()
    return Row(what, found.tried, len(found.leaks), 0, time.monotonic() - began, found.leaks)
