"""What earlier runs came to, for specs of which nothing has changed: the fast path of `validate` and `build`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from servespec.claims import Stake
from servespec.cli.find import Source
from servespec.edge import remember
from servespec.records import dataclass
from servespec.spans import Span

_FIELD, _ROW, _END = "\x1f", "\x1e", "\x1d"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of a spec."""

    printed: str
    """What the command printed for it."""
    stakes: tuple[Stake, ...]
    """What it claims among other specs."""
    environments: tuple[str, ...]
    """Those that it has."""


def environments_of(recalled: Iterable[Recalled]) -> frozenset[str]:
    """The environments that remembered specs have."""
    return frozenset(name for item in recalled for name in item.environments)


class Memory:
    """Outcomes of one command under the same circumstances: options, look, folder, and day."""

    def __init__(self, *circumstances: str) -> None:
        self._since = time.time_ns()
        # The folder: paths of options, and those that were printed, mean others elsewhere.
        # The day: a suppression that expires must be seen.
        self._circumstances = (*circumstances, os.getcwd(), time.strftime("%Y-%m-%d"))

    def recall(self, source: Source) -> Recalled | None:
        """What is remembered of the spec, if nothing has changed since."""
        text = remember.recall(self._key(source))
        if text is None:
            return None
        names, rows, printed = text.split(_END, 2)
        return Recalled(printed, tuple(_stakes(rows)), (*filter(None, names.split(_FIELD)),))

    def recall_all(self, sources: Mapping[int, Source]) -> dict[int, Recalled]:
        """What is remembered of each, by its number; of none where an environment that was asked for is in none of
        those: whether it is in any spec is for all of them to say."""
        found = {number: recalled for number, source in sources.items() if (recalled := self.recall(source))}
        asked = {name for source in sources.values() for name in source.environments}
        return found if asked <= environments_of(found.values()) else {}

    def remember(self, source: Source, paths: Iterable[Path], recalled: Recalled) -> None:
        """Recall that until one of the paths changes."""
        rows = _ROW.join(map(_row, recalled.stakes))
        # Only a file's name can hold such a character, and one that does is looked at each time.
        if rows.count(_FIELD) == _FIELDS * len(recalled.stakes) and _END not in rows:
            names = _FIELD.join(recalled.environments)
            remember.remember(self._key(source), paths, _END.join((names, rows, recalled.printed)), since=self._since)

    def _key(self, source: Source) -> str:
        return "\n".join((*self._circumstances, source.shown, str(source.path), *source.environments))


_FIELDS = 5


def _row(stake: Stake) -> str:
    place = stake.place
    return _FIELD.join((stake.rule, stake.key, stake.what, place.path, str(place.start), str(place.end)))


def _stakes(rows: str) -> Iterator[Stake]:
    for row in rows.split(_ROW) if rows else ():
        rule, key, what, path, start, end = row.split(_FIELD)
        yield Stake(rule, key, what, Span(path, int(start), int(end)))
