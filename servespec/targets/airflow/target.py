"""The airflow target: a DAG that runs the scorer for each interval of the schedule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, has_account
from servespec.diagnostics.types import Diagnostic, Label
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.contract import (
    IN_A_CLUSTER,
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    Support,
    Target,
    approximated,
    dropped,
)

# read: airflow/models/connection.py (sanitize_conn_id) of 2.10 and 3.3, 2026-11; a backslash, which it takes, is none.
_CONNECTION = re.compile(r"[A-Za-z0-9_#!().:/-]{1,250}")


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.airflow.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _in_container(deployment: Deployment) -> bool:
    return deployment.batch is not None and deployment.batch.run_on in ("docker", "kubernetes")


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    from servespec.deployment.names import is_label

    assert isinstance(options, AirflowOptions)
    if options.namespace is not None and not is_label(options.namespace):
        from servespec.targets.kube.names import invalid_namespace

        yield invalid_namespace(("targets", "airflow", "namespace"), options.namespace)
    if options.connection is not None and not _CONNECTION.fullmatch(options.connection):
        from servespec.targets.airflow.messages import invalid_airflow_connection

        yield invalid_airflow_connection(options.connection)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    if deployment.batch is not None:
        name, at = deployment.batch.dag.id, Label(("batch", "dag", "id"), otherwise=Label(("name",)))
        yield Claim("dag-clash", (name,), f"DAG `{name}`", at)


def _narrows(deployment: Deployment, options: Node) -> Mapping[str, Support]:
    run_on = deployment.batch.run_on if deployment.batch else ""
    account = _NO_ACCOUNT if run_on == "kubernetes" and not has_account(deployment) else {}
    return {**_BY_RUN_ON.get(run_on, {}), **account}


_NOT_ASKED = dropped("the worker that has the task runs the scorer itself")
_NO_PODS: Mapping[str, Support] = {"targets.airflow.namespace": dropped("only pods have a namespace")}
_ON_THE_WORKER: Mapping[str, Support] = {"targets.airflow.connection": _NOT_ASKED, **_NO_PODS}
_UNMADE = dropped("without `kubernetes` in `targets` nothing makes the account: pods run as the namespace's `default`")
_NO_ACCOUNT: Mapping[str, Support] = {"identity.serviceAccount": _UNMADE, "identity.annotations": _UNMADE}
_BY_RUN_ON: Mapping[str, Mapping[str, Support]] = {
    "local": {
        **_ON_THE_WORKER,
        "resources.limits": dropped("a process of a worker's takes what that worker has"),
        "security": UNRELATED,
    },
    "docker": {
        **_ON_THE_WORKER,
        "batch.wait.deferrable": dropped("the scorer waits in its container, and the task takes a worker meanwhile"),
    },
    "kubernetes": {
        "labels": KEPT,
        "resources": KEPT,
        "security.readOnlyRootFilesystem": KEPT,
        "platform": KEPT,
        "identity": KEPT,
        "placement": KEPT,
        "batch.wait.deferrable": KEPT,
    },
    "spark": {
        **_NO_PODS,
        "batch.wait.deferrable": dropped("the job waits itself, and its task takes a worker meanwhile"),
        "resources.limits": dropped("how much its executors have is a matter of Spark's own configuration"),
        "security": UNRELATED,
        "batch.retries": approximated(
            "Spark keeps the job's exit code to itself: what would fail again is tried again"
        ),
        "secrets": approximated(
            "keys of secrets are in the environment of the driver; executors are told those of connections alone"
        ),
    },
}


AIRFLOW = Target(
    name="airflow",
    summary="a DAG that scores each interval of the schedule, for Airflow 2.10 and newer and for 3",
    options=AirflowOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": UNRELATED,
        "description": KEPT,
        "owner": KEPT,
        "labels": UNRELATED,
        "model": UNRELATED,
        "signature": UNRELATED,
        "runtime": UNRELATED,
        "optimize": UNRELATED,
        "image": UNRELATED,
        "resources": UNRELATED,
        "resources.limits": KEPT,
        "probes": UNRELATED,
        "security": KEPT,
        "security.readOnlyRootFilesystem": dropped("Airflow's operator for containers can't ask for that"),
        "security.authorization": UNRELATED,
        **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
        "connections": KEPT,
        "secrets": KEPT,
        "batch": KEPT,
        "batch.wait.deferrable": approximated("the wait takes no worker in any case: a sensor that is rescheduled"),
        "streaming": UNRELATED,
        "variants": UNRELATED,
        "examples": UNRELATED,
        "targets": KEPT,
        "environments": KEPT,
        "overrides": UNRELATED,
        "suppress": UNRELATED,
    },
    lower=_lower,
    narrows=_narrows,
    check=_check,
    claims=_claims,
    requires=lambda deployment: (BATCH, "docker") if _in_container(deployment) else (BATCH,),
)
