"""Every spec that a command works on: one that can't be read hides no other."""

from __future__ import annotations

from collections.abc import Iterable

from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.cli.find import Source
from servespec.cli.main import sentence
from servespec.cli.narrowing import require_environments
from servespec.cli.work import Lockness, Work, analyse


def analysed_all(sources: Iterable[Source], lockness: Lockness = Lockness.HEEDED) -> tuple[list[Work], Exit]:
    """What is known of each spec that can be read, and the exit code of reading them; why one can't be read is told.

    UsageError when an environment was asked for that none has: with one that can't be read, nobody knows.
    """
    works: list[Work] = []
    failures: list[str] = []
    for source in sources:
        try:
            works.append(analyse(source, lockness))
        except OSError as failure:
            failures.append(sentence(failure))
    show("".join(f"servespec: {failure}\n" for failure in dict.fromkeys(failures)), err=True)
    if failures:
        return works, Exit.WORLD
    require_environments(works)
    return works, Exit.OK
