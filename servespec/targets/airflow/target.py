"""The airflow target: a DAG that runs the scorer for each interval of the schedule."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Context, Lowered, Target, approximated, dropped


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.airflow.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _in_container(deployment: Deployment) -> bool:
    return deployment.batch is not None and deployment.batch.run_on == "docker"


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
        "secrets": KEPT,
        "batch": KEPT,
        "batch.wait.deferrable": approximated("the wait takes no worker in any case: a sensor that is rescheduled"),
        "variants": UNRELATED,
        "examples": UNRELATED,
        "targets": KEPT,
        "environments": KEPT,
        "overrides": UNRELATED,
        "suppress": UNRELATED,
    },
    lower=_lower,
    requires=lambda deployment: (BATCH, "docker") if _in_container(deployment) else (BATCH,),
)
