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
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
except ImportError:  # Airflow 2
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.dag import DAG
    from airflow.exceptions import AirflowFailException, AirflowSkipException
from airflow.timetables.interval import CronDataIntervalTimetable

SPEC = {
    "dag_id": "daily-payments",
    "description": "Scores each day's card payments for fraud, in pods.",
    "cron": "0 2 * * *",
    "timezone": "Europe/Berlin",
    "start": "2026-01-01T00:00:00+00:00",
    "catchup": False,
    "max_active_runs": 1,
    "tags": [],
    "notify": None,
    "asset": "scores/",
    "default_args": {"retries": 2, "retry_exponential_backoff": True, "owner": "risk-ml"},
    "retry_delay": 300,
    "max_retry_delay": 3600,
    "timeout": 1800,
    "wait": 3600,
    "parts": ["0/3", "1/3", "2/3"],
    "project": None,
    "up": "../../..",
    "connection": "kubernetes_default",
    "deferrable": False,
    "pod": {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "daily-payments",
            "namespace": "ml",
            "labels": {
                "app.kubernetes.io/name": "daily-payments",
                "app.kubernetes.io/instance": "daily-payments",
                "app.kubernetes.io/component": "batch",
                "app.kubernetes.io/version": "1.0.0",
                "app.kubernetes.io/managed-by": "servespec",
                "owner": "risk-ml",
            },
            "annotations": {
                "kubernetes.io/description": "Scores each day's card payments for fraud, in pods.",
            },
        },
        "spec": {
            "restartPolicy": "Never",
            "containers": [
                {
                    "name": "scorer",
                    "image": "registry.example.com/ml/daily-payments:1.0.0-batch-c87d7ca7d0ff",
                    "resources": {
                        "requests": {"cpu": "1", "memory": "1Gi"},
                        "limits": {"memory": "1Gi"},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                        "privileged": False,
                        "readOnlyRootFilesystem": True,
                    },
                    "volumeMounts": [
                        {"name": "scratch-0", "mountPath": "/run/batch"},
                        {"name": "data", "mountPath": "/data"},
                    ],
                },
            ],
            "volumes": [
                {"name": "scratch-0", "emptyDir": {"sizeLimit": "1Gi"}},
                {"name": "data", "persistentVolumeClaim": {"claimName": "payments"}},
            ],
            "serviceAccountName": "daily-payments",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
                "fsGroup": 10001,
                "fsGroupChangePolicy": "OnRootMismatch",
            },
            "terminationGracePeriodSeconds": 5,
            "nodeSelector": {"pool": "batch"},
        },
    },
    "final": [2, 3, 4, 5, 7],
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


def as_is(value):
    """The value for a field that Airflow renders: each text as a template that renders to that text."""
    if isinstance(value, dict):
        return {key: as_is(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_is(item) for item in value]
    return "{" + "{ " + repr(value) + " }" + "}" if isinstance(value, str) else value


from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator  # noqa: E402


class Pod(KubernetesPodOperator):
    """A pod of which what would fail again is not tried again."""

    def execute(self, context):
        return self.told(super().execute, context)

    def trigger_reentry(self, context, event):
        return self.told(super().trigger_reentry, context, event)

    def told(self, call, *given):
        try:
            return call(*given)
        except AirflowSkipException:  # all that the operator makes of an exit code
            raise AirflowFailException(f"{self.task_id} failed, and would again: its log says why") from None


def step(name, parts=(), **options):
    """A pod that runs a step of the scorer, or one for each part of the input."""
    given = {
        "task_id": name,
        "kubernetes_conn_id": SPEC["connection"],
        "pod_template_dict": as_is(SPEC["pod"]),
        # What the operator adds of its own, it adds to the container of this name.
        "base_container_name": SPEC["pod"]["spec"]["containers"][0]["name"],
        # A cluster may have to make room first: that counts as time of the task, and has no limit of its own.
        "startup_timeout_seconds": SPEC["timeout"],
        "deferrable": SPEC["deferrable"],
        "skip_on_exit_code": SPEC["final"],
        **options,
    }
    if parts:
        pods = Pod.partial(**given)
        return pods.expand(arguments=[[name, *WORDS, f"--part={part}"] for part in parts])
    return Pod(arguments=[name, *WORDS], **given)


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
