"""What specs claim in places that they share, and which two claim the same: plain values, quick to look through."""

from __future__ import annotations

from collections.abc import Iterable

from servespec.records import dataclass
from servespec.spans import Span


@dataclass(frozen=True, slots=True)
class Stake:
    """Something that only one spec can have, claimed by one."""

    rule: str
    """The code of the clash, should another claim it too."""
    key: str
    """The same for two stakes in one thing."""
    what: str
    """How people call the thing."""
    place: Span
    """Where the spec says that it wants it."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two stakes in one thing, by the order of their specs."""

    first: Stake
    second: Stake


class Claims:
    """All that was claimed so far, by whom."""

    def __init__(self) -> None:
        self._holders: dict[tuple[str, str], tuple[int, Stake]] = {}

    def add(self, number: int, stakes: Iterable[Stake]) -> tuple[Clash, ...]:
        """What the spec of that number in their order claims, and another one has claimed before; one clash for two
        places, however much they are about."""
        found: dict[tuple[str, Span, Span], Clash] = {}
        for stake in stakes:
            holder, other = self._holders.setdefault((stake.rule, stake.key), (number, stake))
            if holder != number:
                clash = Clash(other, stake) if holder < number else Clash(stake, other)
                found.setdefault((stake.rule, clash.first.place, clash.second.place), clash)
        return tuple(found.values())
