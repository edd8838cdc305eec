"""What earlier runs came to, for specs of which nothing has changed: the fast path of `validate` and `build`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from servespec.cli.find import Source
from servespec.edge import remember


class Memory:
    """Outcomes of one command under the same circumstances: options, look, and day."""

    def __init__(self, *circumstances: str) -> None:
        self._since = time.time_ns()
        # The day: a suppression that expires must be seen.
        self._circumstances = (*circumstances, time.strftime("%Y-%m-%d"))

    def recall(self, source: Source) -> str | None:
        """What the command printed for the spec, if nothing has changed since."""
        return remember.recall(self._key(source))

    def remember(self, source: Source, paths: Iterable[Path], printed: str) -> None:
        """Recall `printed` until one of the paths changes."""
        remember.remember(self._key(source), paths, printed, since=self._since)

    def _key(self, source: Source) -> str:
        return "\n".join((*self._circumstances, source.shown, str(source.path), *source.environments))
