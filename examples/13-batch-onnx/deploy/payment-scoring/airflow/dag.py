"""One run for each interval of the schedule: validate the input, score it, hold the results to the gates, publish them.

The same text is for Airflow 2.10 and newer, 3 included. Reading it asks nobody anything, and loads nothing of the
scorer's.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from importlib import import_module
from pathlib import Path

try:  # Airflow 3
    from airflow.sdk import DAG, Asset, task
    from airflow.sdk import BaseSensorOperator
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.dag import DAG
    from airflow.exceptions import AirflowFailException
    from airflow.sensors.base import BaseSensorOperator
from airflow.timetables.interval import CronDataIntervalTimetable

SPEC = {
    "dag_id": "payment-scoring",
    "description": "Scores each day's card payments for fraud.",
    "cron": "0 2 * * *",
    "timezone": "Europe/Berlin",
    "start": "2026-01-01T00:00:00+00:00",
    "catchup": False,
    "max_active_runs": 1,
    "tags": [],
    "notify": None,
    "asset": "data/scores/",
    "default_args": {"retries": 2, "retry_exponential_backoff": True, "owner": "risk-ml"},
    "retry_delay": 300,
    "max_retry_delay": 3600,
    "timeout": 1800,
    "wait": 10,
    "parts": [],
    "project": None,
    "up": "../../..",
    "env": {},
    "secret_env": {},
    "python": None,
    "scorer": "../batch/score.py",
    "model": "model/fraud_detector.onnx",
    "poke": 60,
    "no_input": 3,
    "final": [2, 4, 5, 7],
}

HERE = Path(__file__).resolve().parent
PROJECT = Path(SPEC["project"] or os.path.normpath(HERE / SPEC["up"]))
# From one moment of the schedule to the next. A cron string alone would be another day to Airflow 2 than to 3.
TIMETABLE = CronDataIntervalTimetable(SPEC["cron"], timezone=SPEC["timezone"])
# What every step is told. The name keeps what a run writes apart from what others write.
WORDS = [
    "--interval-start={{ interval(dag_run).start }}",
    "--interval-end={{ interval(dag_run).end }}",
    "--run={{ ti.xcom_pull(task_ids='name') }}",
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


def secrets():
    """The variables with keys of secrets: a worker has them in its own environment, by the names that compose takes.

    To be asked for while a task runs: what an operator is given before, Airflow keeps in its database.
    """
    return {name: os.environ[held] for name, held in SPEC["secret_env"].items() if held in os.environ}


def run(step, words):
    """The exit code of a step, in a process of its own, whose lines go to the log of the task."""
    import subprocess
    import sys

    argv = [SPEC["python"] or sys.executable, str(HERE / SPEC["scorer"]), step, f"--model={SPEC['model']}", *words]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
    with subprocess.Popen(argv, cwd=PROJECT, env={**os.environ, **SPEC["env"], **secrets()}, **told) as process:
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
        except BaseException:  # Airflow ends the task
            process.terminate()
            raise
    return process.returncode


def require(step, words):
    """Runs a step. What would fail again is not tried again."""
    code = run(step, words)
    if code in SPEC["final"]:
        raise AirflowFailException(f"{step} ended with {code}: it would again")
    if code != 0:
        raise RuntimeError(f"{step} ended with {code}")


class Input(BaseSensorOperator):
    """Validates the input; while there is none, it looks again later, and takes no worker meanwhile."""

    template_fields = ("words",)

    def __init__(self, *, words, **options):
        super().__init__(mode="reschedule", poke_interval=SPEC["poke"], timeout=SPEC["wait"], **options)
        self.words = words

    def poke(self, context):
        code = run("validate", [*self.words, "--wait=0"])
        if code != SPEC["no_input"] and code in SPEC["final"]:
            raise AirflowFailException(f"the input does not fit: exit {code}")
        if code not in (0, SPEC["no_input"]):
            raise RuntimeError(f"validate ended with {code}")
        return code == 0


def step(name, parts=(), **options):
    """A task that runs a step of the scorer, or one for each part of the input."""
    if name == "validate":
        return Input(task_id=name, words=WORDS, **options)

    @task(task_id=name, **options)
    def call(words):
        require(name, words)

    return call.expand(words=[[*WORDS, f"--part={part}"] for part in parts]) if parts else call(WORDS)


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

    @task(task_id="name")
    def name():
        """Another name each time that the whole run is started."""
        return uuid.uuid4().hex

    name() >> step("validate", **waiting) >> step("score", SPEC["parts"]) >> step("gate") >> step("publish", **published)
