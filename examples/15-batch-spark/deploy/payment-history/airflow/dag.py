"""One run for each interval of the schedule: validate the input, score it, hold the results to the gates, publish them.

The same text is for Airflow 2.10 and newer, 3 included. Reading it asks nobody anything, and loads nothing of the
scorer's.
"""

from __future__ import annotations

import datetime as dt
import os
from importlib import import_module
from pathlib import Path

try:  # Airflow 3
    from airflow.sdk import DAG, Asset, task
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.dag import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

SPEC = {
    "dag_id": "payment-history",
    "description": "Scores a month of card payments on Spark.",
    "cron": "0 0 1 * *",
    "timezone": "UTC",
    "start": "2026-01-01T00:00:00+00:00",
    "catchup": False,
    "max_active_runs": 1,
    "tags": [],
    "notify": None,
    "asset": "data/scores/",
    "default_args": {"retries": 2, "retry_exponential_backoff": True, "owner": "risk-ml"},
    "retry_delay": 300,
    "max_retry_delay": 3600,
    "timeout": 7200,
    "wait": 0,
    "parts": ["0/4", "1/4", "2/4", "3/4"],
    "project": None,
    "up": "../../..",
    "env": {},
    "secret_env": {},
    "connection": "spark_default",
    "job": "../batch/score_spark.py",
    "archive": "../batch/scorer.zip",
    "model": "model/fraud_detector.onnx",
    "sent": True,
}

HERE = Path(__file__).resolve().parent
PROJECT = Path(SPEC["project"] or os.path.normpath(HERE / SPEC["up"]))
# From one moment of the schedule to the next. A cron string alone would be another day to Airflow 2 than to 3.
TIMETABLE = CronDataIntervalTimetable(SPEC["cron"], timezone=SPEC["timezone"])
# What the job is told.
WORDS = [
    "--interval-start={{ interval(dag_run).start }}",
    "--interval-end={{ interval(dag_run).end }}",
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


def as_is(value):
    """The value for a field that Airflow renders: each text as a template that renders to that text."""
    if isinstance(value, dict):
        return {key: as_is(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_is(item) for item in value]
    return "{" + "{ " + repr(value) + " }" + "}" if isinstance(value, str) else value


def secrets():
    """The variables with keys of secrets: a worker has them in its own environment, by the names that compose takes.

    To be asked for while a task runs: what an operator is given before, Airflow keeps in its database.
    """
    return {name: os.environ[held] for name, held in SPEC["secret_env"].items() if held in os.environ}


from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator  # noqa: E402


class Job(SparkSubmitOperator):
    """A job whose driver hears of secrets when it is submitted."""

    def execute(self, context):
        self.env_vars = {**self.env_vars, **secrets()}
        return super().execute(context)


def step(name, **options):
    """The job that does all steps on Spark, where each part of the input has a task of its own."""
    model = SPEC["model"] if ":/" in SPEC["model"] else str(PROJECT / SPEC["model"])
    return Job(
        task_id=name,
        conn_id=SPEC["connection"],
        name=as_is(SPEC["dag_id"]),
        application=as_is(str(HERE / SPEC["job"])),
        py_files=as_is(str(HERE / SPEC["archive"])),
        files=as_is(model) if SPEC["sent"] else None,
        application_args=[as_is(f"--model={model}"), as_is(f"--data={PROJECT}"), *WORDS],
        env_vars=as_is(SPEC["env"]),
        conf=as_is({f"spark.executorEnv.{name}": value for name, value in SPEC["env"].items()}),
        **options,
    )


defaults = {
    **SPEC["default_args"],
    "retry_delay": dt.timedelta(seconds=SPEC["retry_delay"]),
    "max_retry_delay": dt.timedelta(seconds=SPEC["max_retry_delay"]),
    "execution_timeout": dt.timedelta(seconds=SPEC["timeout"]),
    **({"on_failure_callback": notify} if SPEC["notify"] else {}),
}
with DAG(
    dag_id=SPEC["dag_id"],
    description=SPEC["description"],
    schedule=TIMETABLE,
    start_date=dt.datetime.fromisoformat(SPEC["start"]),
    catchup=SPEC["catchup"],
    max_active_runs=SPEC["max_active_runs"],
    tags=SPEC["tags"],
    default_args=defaults,
    user_defined_macros={"interval": interval},
) as dag:
    published = {"outlets": [Asset(SPEC["asset"])]}
    waiting = {"execution_timeout": dt.timedelta(seconds=SPEC["timeout"] + SPEC["wait"])}
    step("run", **waiting, **published)
