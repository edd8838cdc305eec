"""Points in time with their offset from UTC: `2026-01-01T00:00:00+01:00`."""

from __future__ import annotations

import re

from servespec.records import dataclass

_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Instant:
    """A point in time."""

    text: str
    """As ISO 8601 has it, with seconds and offset."""

    @classmethod
    def parse(cls, text: str) -> Instant | None:
        """The point in time that `text` says, or None; without an offset it could be any of a day's."""
        from datetime import datetime  # start-up: only for a batch

        match = _FORM.fullmatch(text)
        if match is None or match["offset"] is None:
            return None
        try:
            return cls(datetime.fromisoformat(text).isoformat())
        except ValueError:  # the 30th of February
            return None

    def __str__(self) -> str:
        return self.text


def lacks_offset(text: str) -> bool:
    """Whether `text` is a date, or a date and time, that would be a point in time with an offset from UTC."""
    return Instant.parse(f"{text}Z") is not None or Instant.parse(f"{text}T00:00Z") is not None
