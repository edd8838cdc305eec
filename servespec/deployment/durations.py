"""Spans of time with their unit: `50ms`, `30s`, `2m`, `1h`, `1h30m`."""

from __future__ import annotations

import re

from servespec.records import dataclass

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_PART = re.compile(r"([0-9]{1,9})(ms|s|m|h)", re.ASCII)
_WHOLE = re.compile(r"(?:[0-9]{1,9}(?:ms|s|m|h))+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time in milliseconds."""

    milliseconds: int

    @classmethod
    def parse(cls, text: str) -> Duration | None:
        """The duration that `text` says, or None."""
        if not _WHOLE.fullmatch(text):
            return None
        return cls(sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(text)))

    @property
    def seconds(self) -> int:
        """Whole seconds, rounded up: a limit in seconds is never shorter than what was asked for."""
        return -(-self.milliseconds // 1_000)

    @property
    def apart(self) -> str:
        """In all units that it takes, none of them more than one of the next larger: `1m40s500ms`."""
        counts, rest = [], self.milliseconds
        for unit, size in reversed(_UNITS.items()):
            counts.append((rest // size, unit))
            rest %= size
        return "".join(f"{count}{unit}" for count, unit in counts if count)

    def __str__(self) -> str:
        for unit in ("h", "m", "s"):
            if self.milliseconds and self.milliseconds % _UNITS[unit] == 0:
                return f"{self.milliseconds // _UNITS[unit]}{unit}"
        return f"{self.milliseconds}ms"
