"""The airflow target: a DAG that runs the scorer for each interval of the schedule."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, IN_A_DAG
from servespec.diagnostics.types import Diagnostic, Label, Part, error
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
    Target,
    approximated,
    dropped,
)


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.airflow.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _in_container(deployment: Deployment) -> bool:
    return deployment.batch is not None and deployment.batch.run_on == "docker"


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    if deployment.batch is not None and deployment.batch.run_on not in IN_A_DAG:
        yield unscheduled_run(deployment.batch.run_on)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    if deployment.batch is not None:
        name, at = deployment.batch.dag.id, Label(("batch", "dag", "id"), otherwise=Label(("name",)))
        yield Claim("dag-clash", (name,), f"DAG `{name}`", at)


def unscheduled_run(run_on: str) -> Diagnostic:
    """The DAG has no task for what a batch runs on.

    Its tasks are processes of Airflow's workers, or containers of a Docker engine. What submits a job to Spark is the
    command line that the summary shows.

    Bad:
    ```yaml
    batch: {runOn: spark}
    targets: {airflow: {}}
    ```
    Good:
    ```yaml
    batch: {runOn: docker}
    targets: {airflow: {}}
    ```
    """
    return error(
        "unscheduled-run",
        f"`airflow` has no task for `runOn: {run_on}`",
        Label(("batch", "runOn"), "not in a DAG"),
        Label(("targets", "airflow"), "asked for here", Part.KEY),
        help="leave `airflow` out of `targets`, or run on `local` or `docker`",
    )


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
        "connections": UNRELATED,
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
    check=_check,
    claims=_claims,
    requires=lambda deployment: (BATCH, "docker") if _in_container(deployment) else (BATCH,),
)
