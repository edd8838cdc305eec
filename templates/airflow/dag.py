"""One run for each interval of the schedule: validate the input, score it, hold the results to the gates, publish them.

The same text is for Airflow 2.10 and newer, 3 included. Reading it asks nobody anything, and loads nothing of the
scorer's.
"""

from __future__ import annotations

import datetime as dt
import os
{% if not whole %}
import uuid
{% endif %}
from importlib import import_module
from pathlib import Path

try:  # Airflow 3
    from airflow.sdk import DAG, Asset, task
{% if local %}
    from airflow.sdk import BaseSensorOperator
    from airflow.sdk.exceptions import AirflowFailException
{% elif contained %}
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
{% endif %}
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.dag import DAG
{% if local %}
    from airflow.exceptions import AirflowFailException
    from airflow.sensors.base import BaseSensorOperator
{% elif contained %}
    from airflow.exceptions import AirflowFailException, AirflowSkipException
{% endif %}
from airflow.timetables.interval import CronDataIntervalTimetable

SPEC = {{ spec }}

HERE = Path(__file__).resolve().parent
PROJECT = Path(SPEC["project"] or os.path.normpath(HERE / SPEC["up"]))
# From one moment of the schedule to the next. A cron string alone would be another day to Airflow 2 than to 3.
TIMETABLE = CronDataIntervalTimetable(SPEC["cron"], timezone=SPEC["timezone"])
{% if whole %}
# What the job is told.
{% else %}
# What every step is told. The name keeps what a run writes apart from what others write.
{% endif %}
WORDS = [
    "--interval-start={% raw %}{{ interval(dag_run).start }}{% endraw %}",
    "--interval-end={% raw %}{{ interval(dag_run).end }}{% endraw %}",
{% if not whole %}
    "--run={% raw %}{{ ti.xcom_pull(task_ids='name') }}{% endraw %}",
{% endif %}
]


def interval(dag_run):
    """The edges of a run's interval. A run by hand may have none: then the last one that had ended when it began."""
    start, end = dag_run.data_interval_start, dag_run.data_interval_end
    if start is None:
        start, end = TIMETABLE.infer_manual_data_interval(run_after=dag_run.run_after)
    return {"start": start.isoformat(), "end": end.isoformat()}


def notify(context):
    """Calls the function that the spec names; nobody looks for it before."""
    module, _, name = SPEC["notify"].partition(":")
    getattr(import_module(module), name)(context)


