"""Time zones by their IANA names: those of this machine's database, or of the package `tzdata` where it has none."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_OF_A_MACHINE = ("localtime", "posixrules", "posix/", "right/")
"""What a machine keeps beside the zones: another one has none, or another zone by that name."""


@cache
def known(name: str) -> bool:
    """Whether there is a time zone of that name."""
    if name.startswith(_OF_A_MACHINE):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such file, no name of a file, the name of a folder
        return False
    return True


@cache
def names() -> frozenset[str]:
    """All names."""
    return frozenset(name for name in available_timezones() if not name.startswith(_OF_A_MACHINE))


@cache
def repeats_hours(name: str) -> bool:
    """Whether clocks there are ever put back, so that an hour of a day comes twice."""
    from datetime import datetime, timedelta

    zone, day = ZoneInfo(name), datetime(2026, 1, 1)
    offsets = {(day + timedelta(days=number)).replace(tzinfo=zone).utcoffset() for number in range(365)}
    return len(offsets) > 1
