"""The specs of one run beside each other: what two of them claim, and can't both have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from servespec.claims import Claims, Clash, Stake
from servespec.cli.asked import ChangedSince
from servespec.cli.find import Source

if TYPE_CHECKING:
    from servespec.diagnostics.types import Findings
    from servespec.spans import Text


class Neighbours:
    """What was claimed so far, and the findings about clashes."""

    def __init__(self) -> None:
        self._claims = Claims()
        self.findings: list[Findings] = []

    def know(self, number: int, stakes: Iterable[Stake]) -> None:
        """Something is claimed by a spec of which nothing is told."""
        self._claims.add(number, stakes)

    def settle(self, number: int, stakes: Iterable[Stake]) -> bool:
        """Whether the spec of that number in their order may have what it claims; what another one has is told."""
        clashes = self._claims.add(number, stakes)
        told = [_told(clash) for clash in clashes]
        self.findings += told
        return not any(item.report.errors for item in told)


def numbered(sources: Sequence[Source], asked: ChangedSince | None, neighbours: Neighbours) -> dict[int, Source]:
    """The specs by their numbers: all, or those that have changed."""
    if asked is None:
        return dict(enumerate(sources))
    from servespec.cli.since import narrowed  # start-up: it looks at each of them

    return narrowed(sources, asked, neighbours.know)


def _told(clash: Clash) -> Findings:
    from servespec.pipeline.clashes import told  # start-up: most specs clash with none

    paths = {stake.place.path for stake in (clash.first, clash.second)}
    return told(clash, {path: _text(path) for path in paths})


def _text(path: str) -> Text:
    """A file by the name under which it is shown, which is its path from here."""
    from servespec.source.text import read

    with open(path, "rb") as file:
        return read(path, file.read()).text
