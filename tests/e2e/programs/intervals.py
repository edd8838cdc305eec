"""Prints as JSON the intervals around both changes of clocks, by Airflow's timetable and by a scorer's own code."""

import datetime as dt
import json
import sys
from zoneinfo import ZoneInfo

import pendulum
from airflow.timetables.base import TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable

sys.path.insert(0, sys.argv[1])
from scorer.interval import ended, interval

_ZONE = "Europe/Berlin"
_ALL = {"timezone": _ZONE, "minutes": [0], "days": None, "months": None, "weekdays": None, "either_day": False}
_SCHEDULES = {
    "0 0 * * *": {**_ALL, "hours": [0]},
    "0 2 * * *": {**_ALL, "hours": [2]},
    "30 2 * * *": {**_ALL, "minutes": [30], "hours": [2]},
    "0 6 * * 1-5": {**_ALL, "hours": [6], "weekdays": [1, 2, 3, 4, 5]},
    "0 6 */2 * 1": {**_ALL, "hours": [6], "days": list(range(1, 32, 2)), "weekdays": [1], "either_day": True},
    "0 * * * *": {**_ALL, "hours": list(range(24))},
}


def by_airflow(cron, start, end):
    timetable = CronDataIntervalTimetable(cron, timezone=_ZONE)
    restriction = TimeRestriction(earliest=start, latest=None, catchup=True)
    found = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    while found.data_interval.end < end:
        yield found.data_interval.start, found.data_interval.end
        last = found.data_interval
        found = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)


def text(moment):
    return moment.astimezone(ZoneInfo("UTC")).isoformat()


airflow, scorer = [], []
for cron, schedule in _SCHEDULES.items():
    for year, month, day in ((2026, 3, 26), (2026, 10, 22)):
        start = pendulum.datetime(year, month, day, tz=_ZONE)
        for first, last in by_airflow(cron, start, start.add(days=6)):
            airflow.append([cron, text(first), text(last)])
            own = interval(schedule, dt.datetime.fromisoformat(first.isoformat()).isoformat())
            at = ended(schedule, last.isoformat())
            assert text(at.start) == text(own.start), (cron, text(last))
            scorer.append([cron, text(own.start), text(own.end)])
print(json.dumps({"airflow": airflow, "scorer": scorer}))
