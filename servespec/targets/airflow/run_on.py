"""What the tasks of each `runOn` are told, besides what all of them are."""

from __future__ import annotations

import posixpath

from servespec.deployment.batch import Batch
from servespec.deployment.names import secret_variable
from servespec.deployment.quantities import Quantity
from servespec.deployment.scorer import scorer
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH
from servespec.emit.quoted import Data, traced
from servespec.runtimes import batch as facts
from servespec.targets.airflow.mounts import mounts
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.batch.model import model_files, sent
from servespec.targets.batch.variables import variables
from servespec.targets.contract import Context
from servespec.targets.kube import scorer as kube

PIECES = {
    "local": ("secrets", "local"),
    "docker": ("text", "secrets", "docker"),
    "kubernetes": ("text", "kubernetes"),
    "spark": ("text", "secrets", "spark"),
}
"""The templates that define what a task is."""
CONTAINED = ("docker", "kubernetes")
"""Those whose operators know of an exit code no more than that a task is to be skipped."""
_POKE_SECONDS = 60  # between two looks for an input that is not there yet
_CONNECTIONS = {"kubernetes": "kubernetes_default", "spark": "spark_default"}  # the names that Airflow itself gives


def told(deployment: Deployment, context: Context, options: AirflowOptions) -> dict[str, Data]:
    """The entries of the literal."""
    batch = deployment.batch
    assert batch is not None
    match batch.run_on:
        case "docker":
            return {**_env(deployment), **_container(deployment, context, batch), **_final()}
        case "kubernetes":
            return {**_pod(deployment, context, options), **_final()}
        case "spark":
            return {**_env(deployment), **_job(deployment, context, options)}
        case _:
            return {**_env(deployment), **_process(deployment, context, options)}


def _env(deployment: Deployment) -> dict[str, Data]:
    """The variables of a scorer: texts, and for keys of secrets the names by which a worker has them."""
    plain, secret = {}, {}
    for given in variables(deployment):
        if isinstance(given.value, str):
            plain[given.name] = traced(given.value, given.origin)
        else:
            secret[given.name] = traced(secret_variable(given.value.secret, given.value.key), given.origin)
    return {"env": plain, "secret_env": secret}


def _final() -> dict[str, Data]:
    """Exit codes of what would fail again; without input a scorer in a container has waited for it."""
    codes = sorted((*facts.FINAL.value, facts.NO_INPUT.value))
    return {"final": traced(list(codes), "fact:batch.FINAL", "fact:batch.NO_INPUT")}


def _process(deployment: Deployment, context: Context, options: AirflowOptions) -> dict[str, Data]:
    return {
        "python": traced(options.python, "targets.airflow.python"),
        "scorer": posixpath.join("..", BATCH, "score.py"),
        "model": traced(model_files(deployment, context).path, "model.uri"),
        "poke": _POKE_SECONDS,
        "no_input": traced(facts.NO_INPUT.value, "fact:batch.NO_INPUT"),
        "final": traced(list(facts.FINAL.value), "fact:batch.FINAL"),
    }


def _container(deployment: Deployment, context: Context, batch: Batch) -> dict[str, Data]:
    security, limits = deployment.security, scorer(deployment).resources.limits
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


def _pod(deployment: Deployment, context: Context, options: AirflowOptions) -> dict[str, Data]:
    batch = deployment.batch
    assert batch is not None
    namespace = traced(options.namespace, "targets.airflow.namespace") if options.namespace else None
    member = kube.scorer(deployment, context.images[BATCH], namespace=namespace)
    return {
        **_connection(batch, options),
        "deferrable": traced(batch.wait.deferrable, "batch.wait.deferrable"),
        "pod": kube.pod(deployment, member),
    }


def _job(deployment: Deployment, context: Context, options: AirflowOptions) -> dict[str, Data]:
    batch, path = deployment.batch, model_files(deployment, context).path
    assert batch is not None
    return {
        **_connection(batch, options),
        "job": posixpath.join("..", BATCH, "score_spark.py"),
        "archive": posixpath.join("..", BATCH, "scorer.zip"),
        "model": traced(path, "model.uri"),
        "sent": traced(sent(deployment, path), "model.uri"),
    }


def _connection(batch: Batch, options: AirflowOptions) -> dict[str, Data]:
    return {"connection": traced(connection_name(batch, options), "targets.airflow.connection")}


def connection_name(batch: Batch, options: AirflowOptions) -> str | None:
    """The name of the connection of Airflow's that a DAG goes by; None where its tasks run beside Airflow."""
    return None if batch.run_on not in _CONNECTIONS else options.connection or _CONNECTIONS[batch.run_on]
