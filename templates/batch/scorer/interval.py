"""The interval that a run scores, and the paths in which it stands."""

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

_DAY = dt.timedelta(days=1)
_DIGITS = 8  # of minutes since 1970, from 1989 to 2160
_MOST_DAYS = 366 * 8  # from one 29th of February to the next but one


class Interval:
    """From `start` up to `end`, both aware of their time zone: that of the schedule."""

    def __init__(self, start, end):
        self.start, self.end = start, end

    def path(self, pieces):
        """A path of the spec: text, and moments as [edge, format]."""
        return "".join(
            piece if isinstance(piece, str) else getattr(self, piece[0]).strftime(piece[1]) for piece in pieces
        )

    @property
    def name(self):
        """The interval as a name of a file."""
        return "-".join(edge.astimezone(dt.timezone.utc).strftime("%Y%m%dT%H%M%SZ") for edge in (self.start, self.end))

    def data(self):
        return {"start": self.start.isoformat(), "end": self.end.isoformat()}


def interval(schedule, start, end=None):
    """The interval that starts at the text `start`, or for a date at the schedule's first moment from then on: up to
    `end`, or to the next moment."""
    zone = ZoneInfo(schedule["timezone"])
    first = moment(start, zone)
    if len(start) == len("2026-01-01"):
        first = following(first - dt.timedelta.resolution, schedule, zone)
    last = moment(end, zone) if end else following(first, schedule, zone)
    if last.astimezone(dt.timezone.utc) <= first.astimezone(dt.timezone.utc):  # the hours on a clock may come twice
        raise ValueError(f"the interval ends at {last.isoformat()}, and starts at {first.isoformat()}")
    return Interval(first, last)


def ended(schedule, at):
    """The last whole interval at a moment: `now`, one in ISO 8601, or the one in the name of a Job, which ends with
    minutes since 1970."""
    zone = ZoneInfo(schedule["timezone"])
    minutes = at.rpartition("-")[2]
    if at == "now":
        then = dt.datetime.now(zone)
    elif minutes.isdecimal() and len(minutes) == _DIGITS:
        then = dt.datetime.fromtimestamp(int(minutes) * 60, zone)
    else:
        then = moment(at, zone)
    last = preceding(then, schedule, zone)
    before = last.astimezone(dt.timezone.utc) - dt.timedelta.resolution  # not by a clock whose hours may come twice
    return Interval(preceding(before, schedule, zone), last)


def moment(text, zone):
    """A date, or a date and time, in ISO 8601; without an offset from UTC it is one of the schedule's time zone."""
    found = dt.datetime.fromisoformat(text)
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)


def following(moment, schedule, zone):
    """The first moment of the schedule after that one.

    An hour that the clocks skip counts as the one after it. One that they repeat counts twice in a schedule of every
    hour, and once, the second time, in any other: so Airflow has it too.
    """
    day = moment.astimezone(zone).date()
    for _ in range(_MOST_DAYS):
        later = [found for found in _moments(day, schedule, zone) if found > moment]
        if later:
            return min(later).astimezone(zone)
        day += _DAY
    raise ValueError("the schedule never comes")


def preceding(moment, schedule, zone):
    """The last moment of the schedule up to that one."""
    day = moment.astimezone(zone).date()
    for _ in range(_MOST_DAYS):
        earlier = [found for found in _moments(day, schedule, zone) if found <= moment]
        if earlier:
            return max(earlier).astimezone(zone)
        day -= _DAY
    raise ValueError("the schedule never came")


def _moments(day, schedule, zone):
    """The moments of the schedule on a day, in UTC: only there can hours around a change of clocks be compared."""
    if not _matches(day, schedule):
        return
    hourly = len(schedule["hours"]) == 24
    for hour, minute in itertools.product(schedule["hours"], schedule["minutes"]):
        local = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
        both = {local.replace(fold=fold).astimezone(dt.timezone.utc) for fold in (0, 1)}
        yield from both if hourly else [max(both)]


def _matches(day, schedule):
    """Whether the schedule has that day. Of the day of the month and that of the week, one will do when both are said."""
    of_month, of_week = _in(day.day, schedule["days"]), _in(day.isoweekday() % 7, schedule["weekdays"])
    either = of_month or of_week if schedule["either_day"] else of_month and of_week
    return _in(day.month, schedule["months"]) and either


def _in(value, values):
    return values is None or value in values
