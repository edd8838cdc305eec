"""The DAG file: fixed text and one literal."""

from __future__ import annotations

import posixpath

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.batch import Batch
from servespec.deployment.names import secret_variable
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH
from servespec.emit import python, shell, template
from servespec.emit.quoted import Data, traced
from servespec.runtimes import batch as facts
from servespec.targets.airflow.mounts import mounts
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.batch.model import model_files
from servespec.targets.contract import Context, Lowered

_POKE_SECONDS = 60  # between two looks for an input that is not there yet


def lower(deployment: Deployment, context: Context) -> Lowered:
    """One DAG."""
    batch, options = deployment.batch, context.options
    assert batch is not None
    assert isinstance(options, AirflowOptions)
    spec = {**_dag(deployment, batch), **_tasks(batch), **_env(batch), "project": _project(options), "up": _up(context)}
    if batch.run_on == "docker":
        spec |= _container(deployment, context, batch)
    else:
        spec |= _process(deployment, context, options)
    literal = python.literal(spec, column=len("SPEC = "))
    content = template.render("airflow/dag.py", {"spec": literal, "local": batch.run_on == "local"})
    artifact = Artifact("dag.py", content, Language.PYTHON)
    return Lowered(Bundle("airflow", (artifact,), (_try(context, batch),)))


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
        "asset": traced(asset(batch.output.uri), "batch.output.uri"),
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
        "parts": traced(parts if batch.parallelism > 1 else [], "batch.parallelism"),
    }


def _env(batch: Batch) -> dict[str, Data]:
    """The variables of a scorer: texts, and for keys of secrets the names by which a worker has them."""
    plain, secret = {}, {}
    for name, value in batch.env.items():
        if isinstance(value, str):
            plain[name] = traced(value, f"batch.env.{name}")
        else:
            secret[name] = traced(secret_variable(value.secret, value.key), f"batch.env.{name}")
    return {"env": plain, "secret_env": secret}


def _process(deployment: Deployment, context: Context, options: AirflowOptions) -> dict[str, Data]:
    batch = deployment.batch
    assert batch is not None
    return {
        "python": traced(options.python, "targets.airflow.python"),
        "scorer": posixpath.join("..", BATCH, "score.py"),
        "model": traced(model_files(deployment, context).path, "model.uri"),
        "wait": traced(batch.wait.timeout.seconds, "batch.wait.timeout"),
        "poke": _POKE_SECONDS,
        "no_input": traced(facts.NO_INPUT.value, "fact:batch.NO_INPUT"),
        "final": traced(list(facts.FINAL.value), "fact:batch.FINAL"),
    }


def _container(deployment: Deployment, context: Context, batch: Batch) -> dict[str, Data]:
    security, limits = deployment.security, deployment.resources.limits
    folders: list[Data] = [
        [item.folder, posixpath.join(facts.DATA.value, item.folder), item.read_only] for item in mounts(batch)
    ]
    given: dict[str, Data] = {}
    if limits.memory:
        given["mem_limit"] = traced(_bytes(limits.memory), "resources.limits.memory")
    if limits.cpu:
        given["cpus"] = traced(float(limits.cpu.units), "resources.limits.cpu")
    return {
        "image": traced(str(context.images[BATCH].reference), "image.repository", "release"),
        "user": traced(f"{security.run_as_user}:{security.run_as_group}", "security.runAsUser", "security.runAsGroup"),
        "mounts": traced(folders, "batch.input.uri", "batch.output.uri"),
        "limits": given,
    }


def _bytes(quantity: Quantity) -> int:
    return -(-quantity.thousandths // 1000)


def _project(options: AirflowOptions) -> Data:
    return traced(options.project, "targets.airflow.project")


def _up(context: Context) -> Data:
    return context.output.up_from("airflow")


def asset(uri: PathTemplate) -> str:
    """The address by which other DAGs follow the results: what is the same in all intervals."""
    first = uri.pieces[0] if isinstance(uri.pieces[0], str) else ""
    return first if len(uri.pieces) == 1 else first[: first.rfind("/") + 1]
