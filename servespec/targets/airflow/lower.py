"""The DAG file: fixed text and one literal; and what must exist before it runs."""

from __future__ import annotations

import re

from servespec.artifacts import Artifact, Bundle, Content, Language
from servespec.deployment.batch import Batch
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scores_in_pods
from servespec.emit import python, shell, template
from servespec.emit.quoted import Data, traced
from servespec.runtimes.batch import ASSET_LENGTH
from servespec.targets.airflow.needs import needs
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.airflow.run_on import CONTAINED, PIECES, told
from servespec.targets.contract import Context, Lowered

_NAMED = re.compile(r"[ -~]*[A-Za-z0-9][ -~]*")
"""ASCII, for Airflow 2 takes nothing else, and with more in it than dots and slashes."""


def lower(deployment: Deployment, context: Context) -> Lowered:
    """One DAG, and the list of what it needs."""
    batch, options = deployment.batch, context.options
    assert batch is not None
    assert isinstance(options, AirflowOptions)
    place: dict[str, Data] = {
        "project": traced(options.project, "targets.airflow.project"),
        "up": context.output.up_from("airflow"),
    }
    spec: dict[str, Data] = {**_dag(deployment, batch), **_tasks(batch), **place, **told(deployment, context, options)}
    artifact = Artifact("dag.py", _text(spec, batch.run_on), Language.PYTHON)
    files, run = (artifact, *needs(deployment, options)), (_try(context, batch),)
    if scores_in_pods(deployment):
        return Lowered(Bundle("airflow", files, applies=run))
    return Lowered(Bundle("airflow", files, run))


def _text(spec: dict[str, Data], run_on: str) -> Content:
    """The frame with the literal, what a task is, and the order of the tasks."""
    literal = python.literal(spec, column=len("SPEC = "))
    flags = {"local": run_on == "local", "contained": run_on in CONTAINED, "whole": run_on == "spark"}
    first = template.render("airflow/dag.py", {"spec": literal, **flags})
    pieces = (template.render(f"airflow/{piece}.py", {}) for piece in PIECES[run_on])
    return template.joined(first, *pieces, template.render("airflow/tasks.py", flags))


def _try(context: Context, batch: Batch) -> str:
    """The command line that runs the DAG once here, for the first interval."""
    day = batch.schedule.start.text[: len("2026-01-01")]
    run = shell.command(["airflow", "dags", "test", batch.dag.id, day])
    return f'AIRFLOW__CORE__DAGS_FOLDER="$PWD"/{shell.quote(context.output.of("airflow"))} {run.text}'


def _dag(deployment: Deployment, batch: Batch) -> dict[str, Data]:
    schedule, dag = batch.schedule, batch.dag
    return {
        "dag_id": traced(dag.id, "batch.dag.id"),
        "description": traced(deployment.description, "description"),
        "cron": traced(schedule.cron.text, "batch.schedule.cron"),
        "timezone": traced(schedule.timezone, "batch.schedule.timezone"),
        "start": traced(schedule.start.text, "batch.schedule.start"),
        "catchup": traced(schedule.catchup, "batch.schedule.catchup"),
        "max_active_runs": traced(schedule.max_active_runs, "batch.schedule.maxActiveRuns"),
        "tags": traced(list(dag.tags), "batch.dag.tags"),
        "notify": traced(dag.notify, "batch.dag.notify"),
        "asset": traced(asset(batch), "batch.output.uri", "batch.dag.id"),
    }


def _tasks(batch: Batch) -> dict[str, Data]:
    dag, retries = batch.dag, batch.retries
    given: dict[str, Data] = {
        "retries": traced(retries.count, "batch.retries.count"),
        "retry_exponential_backoff": traced(retries.exponential, "batch.retries.backoff"),
    }
    if dag.owner:
        given["owner"] = traced(dag.owner, "batch.dag.owner")
    if dag.pool:
        given["pool"] = traced(dag.pool, "batch.dag.pool")
    parts: list[Data] = [f"{index}/{batch.parallelism}" for index in range(batch.parallelism)]
    return {
        "default_args": given,
        "retry_delay": traced(retries.delay.seconds, "batch.retries.delay"),
        "max_retry_delay": traced(retries.max_delay.seconds, "batch.retries.maxDelay"),
        "timeout": traced(batch.timeout.seconds, "batch.timeout"),
        "wait": traced(batch.wait.timeout.seconds, "batch.wait.timeout"),
        "parts": traced(parts if batch.parallelism > 1 else [], "batch.parallelism"),
    }


def asset(batch: Batch) -> str:
    """The address by which other DAGs follow the results: what is the same in all intervals. Where that is no name that
    Airflow takes, and says nothing of where they are, it is the DAG's own."""
    uri = batch.output.uri
    first = uri.pieces[0] if isinstance(uri.pieces[0], str) else ""
    same = first if len(uri.pieces) == 1 else first[: first.rfind("/") + 1]
    return same if len(same) <= ASSET_LENGTH.value and _NAMED.fullmatch(same) else batch.dag.id
