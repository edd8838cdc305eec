"""Schedules as cron writes them: five fields, or a preset such as `@daily`.

Grammar: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html, with the names, steps and presets of
https://manpages.debian.org/bookworm/cron/crontab.5.en.html (read 2026-11), which Airflow and Kubernetes take too.
"""

from __future__ import annotations

import re

from servespec.records import dataclass

PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PART = re.compile(r"(?:\*|([0-9A-Za-z]{1,3})(?:-([0-9A-Za-z]{1,3}))?)(?:/([0-9]{1,2}))?", re.ASCII)

_ANYWHERE = re.compile(r"\*(?:/[0-9]+)?|[0-6a-z,-]+", re.ASCII | re.IGNORECASE)
"""Days of the week that every reader takes for the same."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A schedule: the values of each field, in order."""

    text: str
    """Its five fields, as they were written or as the preset means them."""
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    """From 0, a Sunday, to 6."""

    @classmethod
    def parse(cls, text: str) -> Cron | None:
        """The schedule that `text` says, or None."""
        fields = PRESETS.get(text, text).split()
        if len(fields) != len(FIELDS):
            return None
        found = [values(field, index) for index, field in enumerate(fields)]
        if not all(found):
            return None
        minutes, hours, days, months, weekdays = found
        return cls(" ".join(fields), minutes, hours, days, months, tuple(sorted({day % 7 for day in weekdays})))

    @property
    def any_day(self) -> bool:
        """Whether the day of the month is left open; if neither it nor that of the week is, either will do."""
        return _open(self.text.split()[2])

    @property
    def any_weekday(self) -> bool:
        """Whether the day of the week is left open."""
        return _open(self.text.split()[4])

    @property
    def standard(self) -> str:
        """The schedule for readers that know a Sunday as 0 and not as 7, as Kubernetes does."""
        *fields, weekdays = self.text.split()
        if self.any_weekday:
            return " ".join((*fields, "*"))
        if _ANYWHERE.fullmatch(weekdays):
            return self.text
        return " ".join((*fields, ",".join(map(str, self.weekdays))))

    @property
    def never(self) -> bool:
        """Whether no year has such a day: the 30th of February."""
        return self.any_weekday and all(_LONGEST[month - 1] < self.days[0] for month in self.months)

    def __str__(self) -> str:
        return self.text


def values(field: str, index: int) -> tuple[int, ...]:
    """All values of the field at that place of the five; none when it is written wrong."""
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        span = _span(match, index) if match else None
        if match is None or span is None:
            return ()
        found.update(range(span[0], span[1] + 1, int(match[3] or 1)))
    return tuple(sorted(found))


def _open(field: str) -> bool:
    """Whether the field takes any day. Every second one (`*/2`) is not any, for Airflow and for Kubernetes, whatever
    the cron of Debian makes of its star."""
    return not {"*", "*/1"}.isdisjoint(field.split(","))


def _span(match: re.Match[str], index: int) -> tuple[int, int] | None:
    """The first and last value of one part of a field, when they are such."""
    low, high = _BOUNDS[index]
    if match[3] is not None and int(match[3]) == 0:
        return None
    if match[1] is None:
        return low, min(high, 6) if index == 4 else high
    first = _number(match[1], index)
    # `5/15` is from 5 to the end; without a step it is just 5.
    last = _number(match[2], index) if match[2] else high if match[3] else first
    if first is None or last is None or not low <= first <= last <= high:
        return None
    return first, last


def _number(text: str, index: int) -> int | None:
    names = {3: _MONTHS, 4: _DAYS}.get(index, ())
    if text.lower() in names:
        return names.index(text.lower()) + (1 if index == 3 else 0)
    return int(text) if text.isdigit() else None
