"""References to secrets: their values never stand in a spec."""

from __future__ import annotations

from servespec.records import dataclass


@dataclass(frozen=True)
class SecretKey:
    """One key of a declared secret."""

    secret: str
    key: str
