"""What a harness is told, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Scale(Enum):
    """How much is tried: `QUICK` takes seconds, `FULL` may take hours."""

    QUICK = "quick"
    FULL = "full"

    def of(self, quick: int, full: int) -> int:
        """The number that belongs to it."""
        return quick if self is Scale.QUICK else full


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    """The promise, as a sentence."""
    tried: str
    """How much was tried, with what it came to."""
    found: int
    wanted: int
    """What `found` has to be: nothing, as a rule."""
    seconds: float
    details: tuple[str, ...] = ()
    """What was found, each in a line."""

    @property
    def well(self) -> bool:
        """Whether the promise was kept."""
        return self.found == self.wanted
